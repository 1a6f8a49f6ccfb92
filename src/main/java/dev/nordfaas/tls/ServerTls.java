package dev.nordfaas.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
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
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcEdECContentSignerBuilder;

/**
 * What TLS between a server of the platform and its clients needs, in PEM.
 *
 * <p>All of it follows from two generated secrets: Ed25519 keys are 32 bytes of any kind, and its
 * signatures have nothing random in them. So nothing has to be kept but the secrets.
 *
 * @param caCertificate certificate of an authority that signs nothing else; not a secret
 * @param certificate certificate of the servers
 * @param privateKey their private key, a secret
 */
public record ServerTls(String caCertificate, String certificate, String privateKey) {
  /** File with the authority's certificate, for clients as well. */
  public static final String CA_FILE = "ca.crt";

  /** File with the server's certificate. */
  public static final String CERTIFICATE_FILE = "tls.crt";

  /** File with the server's private key. */
  public static final String PRIVATE_KEY_FILE = "tls.key";

  private static final AlgorithmIdentifier ED25519 =
      new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);

  /** Before the first certificate was made: none has to know the time. */
  private static final Time BEGIN = new Time(new ASN1UTCTime("260101000000Z"));

  /** RFC 5280's "no well-defined expiration date": they last until a secret is replaced. */
  private static final Time NO_END = new Time(new ASN1GeneralizedTime("99991231235959Z"));

  private static final int SERIAL_BITS = 128;

  /**
   * Makes keys and certificates; none of a secret that is empty, as it is in an update of other
   * resources only, before it was generated.
   *
   * @param identity who the server is
   * @param caSecret what the authority's key is made from; a new one means new trust for clients
   * @param serverSecret what the servers' key is made from
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
      return new ServerTls(
          ca.pem(),
          server.pem(),
          pem("PRIVATE KEY", PrivateKeyInfoFactory.createPrivateKeyInfo(serverKey).getEncoded()));
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

  private static Ed25519PrivateKeyParameters key(String secret, String purpose) {
    return new Ed25519PrivateKeyParameters(derive(secret, purpose), 0);
  }

  /** 32 bytes that tell nothing about the secret, nor about those for another purpose. */
  private static byte[] derive(String secret, String purpose) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
      return mac.doFinal(("nordfaas " + purpose).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  private static Unsigned certificate(
      X500Name authority,
      X500Name subject,
      Ed25519PrivateKeyParameters key,
      Ed25519PrivateKeyParameters caKey) {
    try {
      var keyInfo = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(key.generatePublicKey());
      var caInfo =
          SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(caKey.generatePublicKey());
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

  /** A certificate that waits for its signature. */
  private record Unsigned(X509v3CertificateBuilder builder, Ed25519PrivateKeyParameters caKey) {
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
        var signer = new BcEdECContentSignerBuilder(ED25519).build(caKey);
        return ServerTls.pem("CERTIFICATE", builder.build(signer).getEncoded());
      } catch (OperatorCreationException e) {
        throw new IllegalStateException("Bouncy Castle has Ed25519", e);
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
