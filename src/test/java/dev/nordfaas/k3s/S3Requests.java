package dev.nordfaas.k3s;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * An S3 store without an object that takes any, and checks signatures of version 4 as S3's
 * reference describes: a request without {@code x-amz-content-sha256} has none, and a payload has
 * the hash that this header names. The secret key is {@code s3cr"et}.
 */
final class S3Requests implements AutoCloseable {
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=[^/]+/(([0-9]{8})/([^/]+)/s3/aws4_request),"
              + " ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");
  private static final char[] PASSWORD = "password".toCharArray();

  private final HttpsServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** Puts its key into a folder. */
  S3Requests(Path folder) throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls(folder)));
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** What was asked for, and what is to be said of its signature. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readAllBytes();
    var method = exchange.getRequestMethod();
    String verdict;
    try {
      verdict = verdict(exchange, body);
    } catch (GeneralSecurityException e) {
      verdict = e.toString();
    }
    requests.add("%s %s: %s".formatted(method, exchange.getRequestURI(), verdict));
    exchange.sendResponseHeaders(method.equals("PUT") ? 200 : 404, -1);
    exchange.close();
  }

  private static String verdict(HttpExchange exchange, byte[] body)
      throws GeneralSecurityException {
    var headers = exchange.getRequestHeaders();
    var payload = headers.getFirst("x-amz-content-sha256");
    if (payload == null) {
      return "no x-amz-content-sha256";
    }
    if (!payload.equals("UNSIGNED-PAYLOAD") && !payload.equals(hash(body))) {
      return "x-amz-content-sha256 is not that of the payload";
    }
    var authorization = AUTHORIZATION.matcher(headers.getFirst("Authorization"));
    if (!authorization.matches()) {
      return "no signature";
    }
    var signed = new StringBuilder();
    for (var name : authorization.group(4).split(";")) {
      signed.append(name).append(':').append(headers.getFirst(name).strip()).append('\n');
    }
    var request =
        String.join(
            "\n",
            exchange.getRequestMethod(),
            exchange.getRequestURI().getPath(),
            "",
            signed,
            authorization.group(4),
            payload);
    var text =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            headers.getFirst("X-Amz-Date"),
            authorization.group(1),
            hash(request.getBytes(StandardCharsets.UTF_8)));
    var key = "AWS4s3cr\"et".getBytes(StandardCharsets.UTF_8);
    for (var part :
        List.of(authorization.group(2), authorization.group(3), "s3", "aws4_request", text)) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(key).equals(authorization.group(5))
        ? "the signature is right"
        : "the signature is wrong";
  }

  private static String hash(byte[] content) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static SSLContext tls(Path folder) throws Exception {
    var script =
        """
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
          -subj /CN=store -keyout key.pem -out certificate.pem &&
        openssl pkcs12 -export -inkey key.pem -in certificate.pem -passout pass:password -out store.p12
        """;
    var made = new ProcessBuilder("sh", "-c", script).directory(folder.toFile());
    var process = made.redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
    var store = KeyStore.getInstance("PKCS12");
    try (var file = Files.newInputStream(folder.resolve("store.p12"))) {
      store.load(file, PASSWORD);
    }
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
