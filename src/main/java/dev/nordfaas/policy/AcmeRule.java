package dev.nordfaas.policy;

import dev.nordfaas.config.DomainName;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.net.URI;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Set;

/**
 * The edge's certificate authority can be reached and trusted, and has an e-mail address to write
 * to.
 */
final class AcmeRule implements Rule {
  private static final KeyPath DOMAIN = KeyPath.of("datacenter", "domain");
  private static final KeyPath TLS = KeyPath.of("edge", "tls");
  private static final KeyPath EMAIL = KeyPath.of("edge", "acmeEmail");
  private static final KeyPath DIRECTORY = KeyPath.of("edge", "acmeDirectory");
  private static final KeyPath ROOTS = KeyPath.of("edge", "acmeRoots");

  /** Authorities for everybody that speak ACME, their trial directories included. */
  private static final Set<String> PUBLIC =
      Set.of("letsencrypt.org", "zerossl.com", "pki.goog", "buypass.com", "ssl.com");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var edge = config.edge();
    if (edge.tls() == Tls.ACME) {
      checkMail(edge, problems);
      checkPublic(config, problems);
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

  /** Neither a domain nor a mail of a private network means anything to a public authority. */
  private static void checkPublic(StackConfig config, Problems problems) {
    var edge = config.edge();
    if (!edge.acmeDirectory().map(AcmeRule::isPublic).orElse(true)) {
      return;
    }
    var domain = config.datacenter().domain();
    domain
        .whyNotPublic()
        .ifPresent(
            why ->
                problems.add(
                    DOMAIN,
                    "%s %s".formatted(domain, why),
                    "use a name below a registered domain, or set edge.acmeDirectory to an authority of your own, or edge.tls to certificate or internal",
                    TLS,
                    DIRECTORY));
    edge.acmeEmail()
        .filter(mail -> isInternal(mail.substring(mail.indexOf('@') + 1)))
        .ifPresent(
            mail ->
                problems.add(
                    EMAIL,
                    "%s is at no public domain, and the authority refuses it".formatted(mail),
                    "use an address that mail from the internet reaches",
                    TLS,
                    DIRECTORY));
  }

  private static boolean isInternal(String host) {
    return new DomainName(host.toLowerCase(Locale.ROOT)).whyNotPublic().isPresent();
  }

  private static boolean isPublic(String directory) {
    var host = "." + URI.create(directory).getHost();
    return PUBLIC.stream().anyMatch(end -> host.endsWith("." + end));
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
