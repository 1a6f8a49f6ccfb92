package dev.nordfaas.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;

/**
 * Keys and certificates for TLS between a server of the platform and its clients, in PEM.
 *
 * <p>All of it is derived from two generated secrets (see {@link SigningKey}), so that only the
 * secrets have to be kept.
 *
 * @param caCertificate certificate of an authority that signs nothing else; not a secret
 * @param certificate certificate of the servers
 * @param privateKey their private key, a secret
 */
public record ServerTls(String caCertificate, String certificate, String privateKey) {
  /** File with the authority's certificate, also for clients. */
  public static final String CA_FILE = "ca.crt";

  /** File with the server's certificate. */
  public static final String CERTIFICATE_FILE = "tls.crt";

  /** File with the server's private key. */
  public static final String PRIVATE_KEY_FILE = "tls.key";

  /** A fixed time before any certificate was created: nothing depends on the clock. */
  private static final Time BEGIN = new Time(new ASN1UTCTime("260101000000Z"));

  /** RFC 5280's "no well-defined expiration date": they last until a secret is replaced. */
  private static final Time NO_END = new Time(new ASN1GeneralizedTime("99991231235959Z"));

  private static final int SERIAL_BITS = 128;

  /**
   * Derives keys and certificates; empty for an empty secret, as in an update of other resources
   * only, before it was generated.
   *
   * @param identity who the server is
   * @param caSecret secret that the authority's key is derived from; clients have to trust a new
   *     one
   * @param serverSecret secret that the servers' key is derived from
   */
  public static ServerTls of(TlsIdentity identity, String caSecret, String serverSecret) {
    if (caSecret.isEmpty() || serverSecret.isEmpty()) {
      return new ServerTls("", "", "");
    }
    var caKey = key(caSecret, identity.purpose() + " ca");
    var serverKey = key(serverSecret, identity.purpose() + " server");
    var authority = common(identity.authority());
    var ca =
        certificate(authority, authority, caKey, caKey)
            .with(Extension.basicConstraints, true, new BasicConstraints(0))
            .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    var server =
        certificate(authority, common(identity.server()), serverKey, caKey)
            .with(Extension.basicConstraints, true, new BasicConstraints(false))
            .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
            // Servers of one cluster are clients of each other.
            .with(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(
                    new KeyPurposeId[] {
                      KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                    }))
            .with(Extension.subjectAlternativeName, false, names(identity));
    try {
      return new ServerTls(ca.pem(), server.pem(), pem("PRIVATE KEY", serverKey.encoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static X500Name common(String name) {
    return new X500Name("CN=" + name);
  }

  private static GeneralNames names(TlsIdentity identity) {
    return new GeneralNames(
        Stream.concat(
                identity.names().stream().map(name -> new GeneralName(GeneralName.dNSName, name)),
                identity.addresses().stream()
                    .map(address -> new GeneralName(GeneralName.iPAddress, address)))
            .toArray(GeneralName[]::new));
  }

  private static SigningKey key(String secret, String purpose) {
    return SigningKey.of(secret, "nordfaas " + purpose);
  }

  private static Unsigned certificate(
      X500Name authority, X500Name subject, SigningKey key, SigningKey caKey) {
    try {
      var keyInfo = key.publicKey();
      var caInfo = caKey.publicKey();
      var identifiers = new BcX509ExtensionUtils();
      var subjectKey = identifiers.createSubjectKeyIdentifier(keyInfo);
      var serial = new BigInteger(1, subjectKey.getKeyIdentifier());
      var builder =
          new X509v3CertificateBuilder(
              authority,
              serial.shiftRight(serial.bitLength() - SERIAL_BITS),
              BEGIN,
              NO_END,
              subject,
              keyInfo);
      return new Unsigned(builder, caKey)
          .with(Extension.subjectKeyIdentifier, false, subjectKey)
          .with(
              Extension.authorityKeyIdentifier,
              false,
              identifiers.createAuthorityKeyIdentifier(caInfo));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A certificate that has not been signed yet. */
  private record Unsigned(X509v3CertificateBuilder builder, SigningKey caKey) {
    Unsigned with(ASN1ObjectIdentifier extension, boolean critical, ASN1Encodable value) {
      try {
        builder.addExtension(extension, critical, value);
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String pem() {
      try {
        return ServerTls.pem("CERTIFICATE", builder.build(caKey.signer()).getEncoded());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static String pem(String type, byte[] der) {
    var lineBreak = new byte[] {'\n'};
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(type, Base64.getMimeEncoder(64, lineBreak).encodeToString(der));
  }
}
