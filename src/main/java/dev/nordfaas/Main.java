package dev.nordfaas;

/** Entry point of the Pulumi program: the platform, and nothing else. */
public final class Main {
  private Main() {}

  /**
   * Builds the platform from the stack config.
   *
   * @param args none
   */
  public static void main(String[] args) {
    Nordfaas.run();
  }
}
