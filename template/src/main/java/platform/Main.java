package platform;

import dev.nordfaas.Nordfaas;

public final class Main {
  public static void main(String[] args) {
    Nordfaas.run(platform -> new Cache("cache", platform, "hello"));
  }
}
