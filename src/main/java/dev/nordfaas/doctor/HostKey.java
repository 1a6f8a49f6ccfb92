package dev.nordfaas.doctor;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A public key in OpenSSH format. */
final class HostKey {
  private HostKey() {}

  /** Its type and fingerprint as OpenSSH prints them; the text itself if it is not a key. */
  static String fingerprint(String key) {
    var parts = key.strip().split("\\s+", -1);
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(Base64.getDecoder().decode(parts[1]));
      return parts[0] + " SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      return key;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
