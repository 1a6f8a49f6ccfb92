package dev.nordfaas.policy;

import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.security.cert.CertificateException;

/**
 * The edge's certificate authority can be reached and trusted, and has an e-mail address to write
 * to.
 */
final class AcmeRule implements Rule {
  private static final KeyPath TLS = KeyPath.of("edge", "tls");
  private static final KeyPath EMAIL = KeyPath.of("edge", "acmeEmail");
  private static final KeyPath DIRECTORY = KeyPath.of("edge", "acmeDirectory");
  private static final KeyPath ROOTS = KeyPath.of("edge", "acmeRoots");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var edge = config.edge();
    if (edge.tls() == Tls.ACME) {
      checkMail(edge, problems);
      edge.acmeRoots().ifPresent(roots -> checkRoots(edge, roots, problems));
    } else {
      edge.acmeDirectory()
          .ifPresent(it -> UnusedTlsKey.refuse(DIRECTORY, edge.tls(), Tls.ACME, problems));
      edge.acmeRoots().ifPresent(it -> UnusedTlsKey.refuse(ROOTS, edge.tls(), Tls.ACME, problems));
    }
  }

  private static void checkMail(EdgeConfig edge, Problems problems) {
    if (edge.acmeEmail().isEmpty()) {
      problems.add(
          EMAIL,
          "is missing, but tls acme requires it",
          "add it, for example drift@example.no",
          TLS);
    }
  }

  private static void checkRoots(EdgeConfig edge, String roots, Problems problems) {
    if (edge.acmeDirectory().isEmpty()) {
      problems.add(
          ROOTS, "is not used without acmeDirectory", "add acmeDirectory, or remove it", DIRECTORY);
    }
    try {
      PemCertificates.parse(roots);
    } catch (CertificateException e) {
      problems.add(ROOTS, "is not one or more certificates in PEM", PemCertificates.FIX);
    }
  }
}
