package dev.nordfaas;

import com.pulumi.Pulumi;

/** Entry point of the Pulumi program. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Pulumi.run(context -> context.log().info("nothing yet"));
  }
}
