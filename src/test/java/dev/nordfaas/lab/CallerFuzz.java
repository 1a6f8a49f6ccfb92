package dev.nordfaas.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import javax.net.SocketFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * Random requests about who is calling, at the edge or at intake behind it. A program of its own,
 * as intake is reached only within the network of its node: address, port, the authority of the
 * edge (empty: no TLS), number of requests, seed, and credentials that are right.
 */
final class CallerFuzz {
  private static final int CLIENTS = 8;
  private static final int MILLISECONDS = 30_000;

  private static final List<String> PATHS_OF_INTAKE =
      List.of(Callers.ORDERS, Callers.ORDERS, "/orders", "/status/x", "/status/");
  private static final List<String> PATHS_OF_FUNCTIONS =
      List.of(
          Callers.TOKEN,
          Callers.KEY,
          Callers.CERTIFICATE,
          Callers.PUBLIC,
          "/function/echo-token",
          "/x");
  private static final List<String> METHODS =
      List.of("GET", "POST", "POST", "POST", "OPTIONS", "PUT", "DELETE", "X");
  private static final List<String> NAMES =
      List.of(
          "Authorization",
          "Authorization",
          "X-Api-Key",
          "Nordfaas-Caller-Issuer",
          "Nordfaas-Caller-Subject",
          "Nordfaas-Caller-Claims",
          "Nordfaas_Caller_Subject",
          "nordfaas-caller_issuer",
          "Idempotency-Key",
          "Origin",
          "Access-Control-Request-Method",
          "X-Anything");
  private static final List<String> SCHEMES =
      List.of(
          "Bearer ",
          "bearer ",
          "Bearer",
          "Bearer  ",
          "Basic ",
          "ApiKey ",
          "Digest ",
          "",
          "Bearer\t");
  private static final List<String> HEADERS_OF_TOKENS =
      List.of(
          "{}",
          "[]",
          "null",
          "{\"alg\":\"RS256\"}",
          "{\"alg\":\"RS256\",\"alg\":\"none\"}",
          "{\"alg\":[\"RS256\"],\"kid\":{}}",
          "{\"alg\":\"ES256\",\"kid\":\"\\u0000\"}",
          "{\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}}",
          "{\"alg\":\"RS256\",\"x5u\":\"https://10.77.0.1:9443/jwks\",\"jku\":\"http://127.0.0.1/\"}",
          "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\",\"zip\":\"DEF\"}",
          "{\"alg\":\"PBES2-HS256+A128KW\",\"p2c\":2147483647}");

  private final Random random;
  private final List<String> paths;
  private final List<String> right;

  private CallerFuzz(long seed, List<String> paths, List<String> right) {
    this.random = new Random(seed);
    this.paths = paths;
    this.right = right;
  }

  public static void main(String[] args)
      throws IOException, GeneralSecurityException, InterruptedException, ExecutionException {
    var to = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
    var sockets =
        args[2].isEmpty()
            ? SocketFactory.getDefault()
            : Load.trusting(Path.of(args[2])).getSocketFactory();
    var paths = new ArrayList<>(PATHS_OF_INTAKE);
    if (!args[2].isEmpty()) {
      paths.addAll(PATHS_OF_FUNCTIONS);
    }
    var count = Integer.parseInt(args[3]);
    var seed = Long.parseLong(args[4]);
    var right = List.of(args).subList(5, args.length);
    var counts = new ConcurrentSkipListMap<String, LongAdder>();
    var clients = Executors.newFixedThreadPool(CLIENTS);
    var all = new ArrayList<Future<?>>();
    for (var i = 0; i < count; i++) {
      var request = new CallerFuzz(seed + i, paths, right).request();
      all.add(
          clients.submit(
              () -> {
                counts
                    .computeIfAbsent(status(sockets, to, request), it -> new LongAdder())
                    .increment();
                return true;
              }));
    }
    for (var one : all) {
      one.get();
    }
    clients.shutdown();
    counts.forEach((status, times) -> System.out.println(times + " " + status));
  }

  /** The status of the answer; {@code none} where the connection was closed instead. */
  private static String status(SocketFactory sockets, InetSocketAddress to, byte[] request)
      throws IOException {
    try (var socket = sockets.createSocket()) {
      socket.setSoTimeout(MILLISECONDS);
      socket.connect(to, MILLISECONDS);
      greet(socket);
      socket.getOutputStream().write(request);
      socket.getOutputStream().flush();
      var line = new ByteArrayOutputStream();
      for (var next = socket.getInputStream().read();
          next >= 0 && next != '\n';
          next = socket.getInputStream().read()) {
        line.write(next);
      }
      var words = line.toString(StandardCharsets.ISO_8859_1).split(" ");
      return words.length > 1 ? words[1] : "none";
    } catch (SocketTimeoutException e) {
      return "timeout";
    } catch (SocketException | SSLException e) {
      return "none"; // it had answered before it had read everything
    }
  }

  private static void greet(Socket socket) throws IOException {
    if (socket instanceof SSLSocket tls) {
      var parameters = tls.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(Lab.DOMAIN)));
      tls.setSSLParameters(parameters);
      tls.startHandshake();
    }
  }

  private byte[] request() {
    var head = new StringBuilder();
    var method = one(METHODS);
    var body = method.equals("POST") ? one(List.of("{}", "[", "null", text(40), "")) : "";
    head.append(method).append(' ').append(path()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(Lab.DOMAIN).append("\r\nConnection: close\r\n");
    for (var i = random.nextInt(6); i >= 0; i--) {
      var name = one(NAMES);
      head.append(name).append(": ").append(value(name)).append("\r\n");
    }
    if (method.equals("POST")) {
      head.append(
          one(List.of("Content-Type: application/json\r\n", "Content-Type: text/plain\r\n", "")));
    }
    head.append("Content-Length: ")
        .append(body.getBytes(StandardCharsets.ISO_8859_1).length)
        .append("\r\n\r\n")
        .append(body);
    return head.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private String path() {
    var path = one(paths);
    return switch (random.nextInt(6)) {
      case 0 -> path + "?access_token=" + token();
      case 1 -> path + "/" + "%" + Integer.toHexString(0x100 | random.nextInt(256)).substring(1);
      case 2 -> path.replaceFirst("/", "//");
      default -> path;
    };
  }

  private String value(String name) {
    if (random.nextInt(8) == 0) {
      return name.equals("Authorization") ? "Bearer " + right.get(0) : one(right);
    }
    if (name.equals("Authorization")) {
      return one(SCHEMES) + (random.nextInt(4) == 0 ? text(200) : token());
    }
    return switch (random.nextInt(5)) {
      case 0 -> "x".repeat(random.nextInt(5000));
      case 1 -> "%" + text(3);
      case 2 -> "";
      case 3 -> "{\"scope\":" + "[".repeat(random.nextInt(1000));
      default -> text(100);
    };
  }

  /** Something like a token: a right one that was damaged, or pieces that are none. */
  private String token() {
    if (random.nextBoolean()) {
      return damaged(one(right));
    }
    var parts = new ArrayList<String>();
    parts.add(base64(one(HEADERS_OF_TOKENS)));
    for (var i = random.nextInt(5); i > 0; i--) {
      parts.add(
          switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 ->
                base64(
                    "{\"exp\":1e400,\"iss\":[],\"aud\":" + "{\"a\":".repeat(random.nextInt(200)));
            case 2 -> "A".repeat(random.nextInt(9000));
            default -> base64(text(60));
          });
    }
    return String.join(".", parts);
  }

  private String damaged(String credential) {
    if (credential.isEmpty()) {
      return credential;
    }
    var at = random.nextInt(credential.length());
    return switch (random.nextInt(4)) {
      case 0 -> credential.substring(0, at);
      case 1 -> credential + credential.substring(at);
      case 2 -> credential.substring(0, at) + text(3) + credential.substring(at);
      default ->
          credential.substring(0, at)
              + (char) ('!' + random.nextInt(90))
              + credential.substring(at + 1);
    };
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Any bytes but those that end a line. */
  private String text(int most) {
    var text = new StringBuilder();
    for (var i = random.nextInt(most); i > 0; i--) {
      var next = (char) random.nextInt(256);
      text.append(next == '\r' || next == '\n' ? 'x' : next);
    }
    return text.toString();
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
