package dev.nordfaas.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By means of the JDK, which had no part in making them. */
class ServerTlsTest {
  private static final TlsIdentity IDENTITY =
      new TlsIdentity(
          "test",
          "a CA",
          "a server",
          List.of("a.example.no", "*.b.example.no"),
          List.of("192.0.2.1"));
  private static final ServerTls TLS = ServerTls.of(IDENTITY, "a secret", "another");

  @Test
  void authoritySignsTheServersCertificate() throws GeneralSecurityException {
    var ca = certificate(TLS.caCertificate());
    var server = certificate(TLS.certificate());

    server.verify(ca.getPublicKey());
    ca.verify(ca.getPublicKey());
    assertThat(ca.getBasicConstraints()).isZero();
    assertThat(server.getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void keyBelongsToTheServersCertificate() throws GeneralSecurityException {
    var der =
        Base64.getMimeDecoder()
            .decode(TLS.privateKey().replaceAll("-----[A-Z ]+-----", "").strip());
    var key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    var text = "signed".getBytes(StandardCharsets.UTF_8);
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(key);
    signer.update(text);
    var signature = signer.sign();
    signer.initVerify(certificate(TLS.certificate()));
    signer.update(text);

    assertThat(signer.verify(signature)).isTrue();
  }

  @Test
  void namesTheServer() throws GeneralSecurityException {
    assertThat(certificate(TLS.certificate()).getSubjectAlternativeNames())
        .map(name -> name.get(1).toString())
        .containsExactly("a.example.no", "*.b.example.no", "192.0.2.1");
  }

  @Test
  void keysForAnotherPurposeAreOthers() {
    var other = new TlsIdentity("other", "a CA", "a server", List.of("a.example.no"), List.of());

    assertThat(ServerTls.of(other, "a secret", "another").privateKey())
        .isNotEqualTo(TLS.privateKey());
  }

  @Test
  void doesNotExpire() throws GeneralSecurityException {
    assertThat(certificate(TLS.certificate()).getNotAfter().toInstant())
        .isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
  }

  @Test
  void isTheSameEveryTime() {
    assertThat(ServerTls.of(IDENTITY, "a secret", "another")).isEqualTo(TLS);
  }

  @Test
  void makesNothingOfASecretThatWasNotGenerated() {
    assertThat(ServerTls.of(IDENTITY, "", "another")).isEqualTo(new ServerTls("", "", ""));
    assertThat(ServerTls.of(IDENTITY, "a secret", "")).isEqualTo(new ServerTls("", "", ""));
  }

  @Test
  void newServerKeyKeepsTheAuthority() {
    var renewed = ServerTls.of(IDENTITY, "a secret", "a third");

    assertThat(renewed.caCertificate()).isEqualTo(TLS.caCertificate());
    assertThat(renewed.privateKey()).isNotEqualTo(TLS.privateKey());
  }

  @Test
  void anotherAuthorityDoesNotSignForThisOne() throws GeneralSecurityException {
    var other = certificate(ServerTls.of(IDENTITY, "a third", "another").caCertificate());

    assertThatThrownBy(() -> certificate(TLS.certificate()).verify(other.getPublicKey()))
        .isInstanceOf(SignatureException.class);
  }

  private static X509Certificate certificate(String pem) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }
}
