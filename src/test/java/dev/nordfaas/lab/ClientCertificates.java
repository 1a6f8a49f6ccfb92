package dev.nordfaas.lab;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that signs certificates of clients. */
final class ClientCertificates {
  private static final Duration VALID = Duration.ofDays(2);

  private final X500Name name;
  private final PrivateKey key;

  private ClientCertificates(X500Name name, PrivateKey key) {
    this.name = name;
    this.key = key;
  }

  /** One that nobody knows, under the name of another. */
  static ClientCertificates unknown() {
    return new ClientCertificates(Callers.authority().name, keys().getPrivate());
  }

  /** One whose certificate and key are there, in PEM. */
  static ClientCertificates read(Path certificate, Path key) {
    try {
      return new ClientCertificates(
          ((X509CertificateHolder) object(certificate)).getSubject(),
          new JcaPEMKeyConverter().getPrivateKey((PrivateKeyInfo) object(key)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object object(Path file) throws IOException {
    try (var parser = new PEMParser(Files.newBufferedReader(file))) {
      return parser.readObject();
    }
  }

  /** A certificate and its key, in files. */
  record Signed(Path certificate, Path key) {}

  /** Signs a certificate for a client that goes by a DNS name. */
  Signed sign(Path folder, String client, KeyPurposeId purpose, Instant begin) {
    var keys = keys();
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(64, new SecureRandom()),
              Date.from(begin),
              Date.from(begin.plus(VALID)),
              new X500Name("CN=" + client),
              keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, client)));
      var signed = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key));
      var file = folder.resolve(UUID.randomUUID().toString());
      return new Signed(
          write(Path.of(file + ".crt"), signed),
          write(Path.of(file + ".key"), new JcaPKCS8Generator(keys.getPrivate(), null)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OperatorCreationException e) {
      throw new AssertionError(e);
    }
  }

  private static Path write(Path file, Object content) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(content);
    }
    return Files.writeString(file, text.toString());
  }

  private static KeyPair keys() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
