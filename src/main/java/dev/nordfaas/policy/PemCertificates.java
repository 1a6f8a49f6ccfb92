package dev.nordfaas.policy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Parses the PEM certificates of a config, which may contain nothing else. */
final class PemCertificates {
  /** The fix for any other value. */
  static final String FIX =
      "use blocks from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and nothing else";

  private static final Pattern PEM =
      Pattern.compile(
          "\\s*(-----BEGIN CERTIFICATE-----\\s[A-Za-z0-9+/=\\s]+-----END CERTIFICATE-----\\s*)+");

  private PemCertificates() {}

  /**
   * Returns the certificates in their order.
   *
   * @throws CertificateException if the text is not one or more certificates
   */
  static List<X509Certificate> parse(String text) throws CertificateException {
    if (!PEM.matcher(text).matches()) {
      throw new CertificateException("not PEM");
    }
    var certificates = new ArrayList<X509Certificate>();
    for (var certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))) {
      certificates.add((X509Certificate) certificate);
    }
    return certificates;
  }
}
