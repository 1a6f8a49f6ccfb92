package dev.nordfaas.host;

import dev.nordfaas.config.NodeConfig;

/** What the stack config says of a VPS, in the form in which the facts script takes it. */
public final class ExpectedFacts {
  private ExpectedFacts() {}

  /** One "name number" a line. */
  public static String render(NodeConfig node) {
    return """
        vcpu %d
        memoryBytes %d
        diskBytes %d
        """
        .formatted(node.vcpu(), node.memory().bytes(), node.disk().bytes());
  }
}
