package dev.nordfaas.policy;

import dev.nordfaas.config.EdgeConfig.Certificate;
import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Clients of the domain accept the user's own certificate. Whether the key matches it is for Caddy
 * to check: the key is encrypted here.
 *
 * @param clock the time at which the certificate has to be valid
 */
record CertificateRule(Clock clock) implements Rule {
  private static final KeyPath CERTIFICATE = KeyPath.of("edge", "certificate");
  private static final KeyPath CHAIN = CERTIFICATE.key("chain");
  private static final KeyPath TLS = KeyPath.of("edge", "tls");
  private static final KeyPath DOMAIN = KeyPath.of("datacenter", "domain");
  private static final String RENEW =
      "get a certificate that is valid now, and set chain and key to it";

  /** Type of a DNS name among the subject alternative names (RFC 5280). */
  private static final int DNS_NAME = 2;

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var certificate = config.edge().certificate();
    if (config.edge().tls() != Tls.CERTIFICATE) {
      certificate.ifPresent(
          it -> UnusedTlsKey.refuse(CERTIFICATE, config.edge().tls(), Tls.CERTIFICATE, problems));
    } else if (certificate.isEmpty()) {
      problems.add(
          CERTIFICATE,
          "is missing, but tls certificate requires it",
          "add chain in PEM, and set the key with `pulumi config set --secret --path '%s'`"
              .formatted(CERTIFICATE.key("key")),
          TLS);
    } else {
      checkChain(certificate.get(), config.datacenter().domain().text(), problems);
    }
  }

  private void checkChain(Certificate certificate, String domain, Problems problems) {
    var chain = certificate.chain();
    if (chain.contains("PRIVATE KEY")) {
      problems.add(
          CHAIN,
          "contains a private key in plain text",
          "remove it, and get a certificate for a new key: this one is no longer private");
      return;
    }
    try {
      var certificates = PemCertificates.parse(chain);
      checkTime(certificates, problems);
      checkNames(certificates.get(0), domain, problems);
      checkOrder(certificates, problems);
    } catch (CertificateException e) {
      problems.add(CHAIN, "is not one or more certificates in PEM", PemCertificates.FIX);
    }
  }

  private void checkTime(List<X509Certificate> certificates, Problems problems) {
    var now = clock.instant();
    for (var certificate : certificates) {
      var begin = certificate.getNotBefore().toInstant();
      var end = certificate.getNotAfter().toInstant();
      if (now.isAfter(end)) {
        problems.add(CHAIN, "%s expired at %s".formatted(nameOf(certificate), end), RENEW);
      } else if (now.isBefore(begin)) {
        problems.add(
            CHAIN, "%s is not valid before %s".formatted(nameOf(certificate), begin), RENEW);
      }
    }
  }

  private static void checkNames(X509Certificate server, String domain, Problems problems)
      throws CertificateParsingException {
    var names = dnsNames(server);
    if (names.stream().noneMatch(name -> covers(name, domain))) {
      problems.add(
          CHAIN,
          "%s is for %s, not for datacenter.domain %s"
              .formatted(
                  nameOf(server),
                  names.isEmpty() ? "no DNS name" : String.join(", ", names),
                  domain),
          "put a certificate for that name first, or set datacenter.domain to its name",
          DOMAIN);
    }
  }

  private static List<String> dnsNames(X509Certificate certificate)
      throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names == null
        ? List.of()
        : names.stream()
            .filter(name -> name.get(0).equals(DNS_NAME))
            .map(name -> name.get(1).toString().toLowerCase(Locale.ROOT))
            .toList();
  }

  /** A wildcard stands for one label, the first (RFC 6125). */
  private static boolean covers(String name, String domain) {
    if (!name.startsWith("*.")) {
      return name.equals(domain);
    }
    var dot = domain.indexOf('.');
    return dot > 0 && domain.substring(dot).equals(name.substring(1));
  }

  private static void checkOrder(List<X509Certificate> certificates, Problems problems) {
    for (var i = 1; i < certificates.size(); i++) {
      var below = certificates.get(i - 1);
      if (!below.getIssuerX500Principal().equals(certificates.get(i).getSubjectX500Principal())) {
        problems.add(
            CHAIN,
            "%s did not sign %s, which comes before it"
                .formatted(nameOf(certificates.get(i)), nameOf(below)),
            "put the server's certificate first, and after each certificate that of its issuer");
      }
    }
  }

  private static String nameOf(X509Certificate certificate) {
    return "the certificate of " + certificate.getSubjectX500Principal().getName();
  }
}
