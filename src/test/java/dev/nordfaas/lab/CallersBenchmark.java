package dev.nordfaas.lab;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What it costs the edge to know who is calling: functions that do the same, one public and the
 * others for callers with a token, an API key or a client certificate. The program behind {@code
 * bench/callers}: number of rounds, seconds of each way in each of them, clients at once.
 */
final class CallersBenchmark {
  private static final String PUBLIC = "public";
  private static final int WARM_UP_ROUNDS = 1;

  private CallersBenchmark() {}

  public static void main(String[] args)
      throws IOException, GeneralSecurityException, InterruptedException, ExecutionException {
    var rounds = Integer.parseInt(args[0]);
    var seconds = Integer.parseInt(args[1]);
    var clients = Integer.parseInt(args[2]);
    var ways = ways();
    var measured = new Ratios(ways.keySet());
    var order = new ArrayList<>(ways.keySet());
    for (var round = -WARM_UP_ROUNDS; round < rounds; round++) {
      // Another one is first each time, so that none has always the busier machine.
      Collections.rotate(order, 1);
      for (var name : order) {
        var perSecond = ways.get(name).perSecond(seconds, clients);
        System.err.printf("callers: round %d: %s %.0f/s%n", round + 1, name, perSecond);
        if (round >= 0) {
          measured.add(name, perSecond);
        }
      }
    }
    System.out.print(
        "%s%n`sudo bench/callers %d %d %d`, in the lab, clients and platform on two cores.%n"
            .formatted(measured.table("caller", "requests a second"), rounds, seconds, clients));
    System.exit(0);
  }

  private static Map<String, ClosedLoop> ways() throws IOException, GeneralSecurityException {
    var plain = client(Load.trusting(Lab.authority()));
    var ways = new LinkedHashMap<String, ClosedLoop>();
    ways.put(PUBLIC, new ClosedLoop(plain, head(Callers.PUBLIC).build()));
    for (var algorithm : List.of("RS256", "ES256")) {
      var token = Lab.token("orders", "lifetime=1h", "alg=" + algorithm);
      ways.put(
          "token, " + algorithm,
          new ClosedLoop(
              plain, head(Callers.TOKEN).header("Authorization", "Bearer " + token).build()));
    }
    ways.put(
        "API key",
        new ClosedLoop(
            plain, head(Callers.KEY).header("X-Api-Key", Callers.apiKey("partner-a")).build()));
    ways.put(
        "client certificate",
        new ClosedLoop(client(certified()), head(Callers.CERTIFICATE).build()));
    return ways;
  }

  /** The functions answer with what reached them, which is more of a caller who is known. */
  private static HttpRequest.Builder head(String path) {
    return HttpRequest.newBuilder(URI.create("https://" + Lab.DOMAIN + path))
        .method("HEAD", BodyPublishers.noBody())
        .timeout(Duration.ofSeconds(30));
  }

  private static HttpClient client(SSLContext context) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(context)
        .connectTimeout(Duration.ofSeconds(10))
        .build();
  }

  /** As {@link Load#trusting}, with the client certificate of lab/issuer. */
  private static SSLContext certified() throws IOException, GeneralSecurityException {
    var factory = CertificateFactory.getInstance("X.509");
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    store.setCertificateEntry(
        "edge",
        factory.generateCertificate(new ByteArrayInputStream(Files.readAllBytes(Lab.authority()))));
    var password = new char[0];
    store.setKeyEntry(
        "client",
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key())),
        password,
        new Certificate[] {
          factory.generateCertificate(
              new ByteArrayInputStream(Files.readAllBytes(Callers.certificate("crt"))))
        });
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
    return context;
  }

  private static byte[] key() throws IOException {
    return Base64.getMimeDecoder()
        .decode(Files.readString(Callers.certificate("key")).replaceAll("-----[A-Z ]+-----", ""));
  }
}
