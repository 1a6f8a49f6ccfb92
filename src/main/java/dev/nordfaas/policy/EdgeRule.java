package dev.nordfaas.policy;

import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;

/** A public certificate authority wants an address for its warnings. */
final class EdgeRule implements Rule {

  @Override
  public void check(StackConfig config, Problems problems) {
    if (config.edge().tls() == Tls.ACME && config.edge().acmeEmail().isEmpty()) {
      problems.add(
          KeyPath.of("edge", "acmeEmail"),
          "is missing, and tls acme needs it",
          "add it, for example drift@example.no",
          KeyPath.of("edge", "tls"));
    }
  }
}
