package dev.nordfaas.queueworker.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Locale;

/**
 * A certificate that signed itself, and its key, as PEM files.
 *
 * @param pem file of the certificate
 * @param key file of the key
 */
public record Certificate(Path pem, Path key) {
  private static final String PASSWORD = "changeit";
  private static final String ALIAS = "nats";

  /** Makes one for a host, with the JDK's own keytool. */
  public static Certificate create(Path folder, String host) {
    try {
      Files.createDirectories(folder);
      var store = folder.resolve("store.p12");
      var keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-keystore",
                  store.toString(),
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  PASSWORD,
                  "-alias",
                  ALIAS,
                  "-keyalg",
                  "EC",
                  "-validity",
                  "2",
                  "-dname",
                  "CN=nats",
                  "-ext",
                  "san=dns:" + host)
              .redirectErrorStream(true)
              .start();
      var output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
      return write(folder, Files.newInputStream(store));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Certificate write(Path folder, InputStream stored)
      throws IOException, GeneralSecurityException {
    try (stored) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(stored, PASSWORD.toCharArray());
      return new Certificate(
          pem(folder, "CERTIFICATE", store.getCertificate(ALIAS).getEncoded()),
          pem(folder, "PRIVATE KEY", store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
    }
  }

  private static Path pem(Path folder, String type, byte[] content) throws IOException {
    var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return Files.writeString(
        folder.resolve(type.toLowerCase(Locale.ROOT).replace(' ', '-') + ".pem"),
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(type, base64));
  }
}
