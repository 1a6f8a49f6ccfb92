package dev.nordfaas.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.operator.ContentSigner;

/**
 * A private key on the curve P-256 that is derived from a secret, with deterministic signatures
 * (RFC 6979): the same secret always gives the same certificate.
 *
 * <p>Not Ed25519: its certificates have no digest for the channel binding of SCRAM, and libpq then
 * does not log in ("could not find digest for NID UNDEF", PostgreSQL 15).
 */
record SigningKey(ECPrivateKeyParameters parameters) {
  private static final AlgorithmIdentifier CURVE =
      new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);
  private static final AlgorithmIdentifier SIGNATURE =
      new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
  private static final ECNamedDomainParameters P256 =
      new ECNamedDomainParameters(
          SECObjectIdentifiers.secp256r1, CustomNamedCurves.getByName("secp256r1"));

  /**
   * The key of a secret.
   *
   * @param purpose distinguishes keys that are derived from the same secret
   */
  static SigningKey of(String secret, String purpose) {
    // From 1 to n - 1. As n is less than 2^256, some keys are likelier by 2^-32.
    var number =
        new BigInteger(1, derive(secret, purpose))
            .mod(P256.getN().subtract(BigInteger.ONE))
            .add(BigInteger.ONE);
    return new SigningKey(new ECPrivateKeyParameters(number, P256));
  }

  /** 32 bytes that reveal nothing about the secret, nor about those for another purpose. */
  private static byte[] derive(String secret, String purpose) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
      return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  SubjectPublicKeyInfo publicKey() throws IOException {
    return SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
        new ECPublicKeyParameters(P256.getG().multiply(parameters.getD()).normalize(), P256));
  }

  /** The key as PKCS #8. */
  byte[] encoded() throws IOException {
    var bits = P256.getN().bitLength();
    return new PrivateKeyInfo(CURVE, new ECPrivateKey(bits, parameters.getD())).getEncoded();
  }

  ContentSigner signer() {
    return new Signer(parameters);
  }

  private static final class Signer implements ContentSigner {
    private final ECPrivateKeyParameters key;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    Signer(ECPrivateKeyParameters key) {
      this.key = key;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return SIGNATURE;
    }

    @Override
    public OutputStream getOutputStream() {
      return content;
    }

    @Override
    public byte[] getSignature() {
      var digest = new SHA256Digest();
      var signer =
          new DSADigestSigner(new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest())), digest);
      signer.init(true, key);
      var bytes = content.toByteArray();
      signer.update(bytes, 0, bytes.length);
      return signer.generateSignature();
    }
  }
}
