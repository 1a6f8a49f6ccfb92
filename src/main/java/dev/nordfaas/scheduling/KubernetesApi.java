package dev.nordfaas.scheduling;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads from the Kubernetes API with a kubeconfig that has one cluster and one token. */
final class KubernetesApi {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client;
  private final String server;
  private final String token;

  private KubernetesApi(HttpClient client, String server, String token) {
    this.client = client;
    this.server = server;
    this.token = token;
  }

  /**
   * The API that the kubeconfig names.
   *
   * @throws IOException if the text is not a kubeconfig; the message does not quote it
   */
  static KubernetesApi of(String kubeconfig) throws IOException {
    try {
      var document = new YAMLMapper().readTree(kubeconfig);
      var cluster = document.at("/clusters/0/cluster");
      var builder = HttpClient.newBuilder().connectTimeout(TIMEOUT);
      var authorities = cluster.path("certificate-authority-data").asString("");
      if (!authorities.isEmpty()) {
        builder.sslContext(trusting(Base64.getDecoder().decode(authorities)));
      }
      return new KubernetesApi(
          builder.build(),
          cluster.path("server").asString(""),
          document.at("/users/0/user/token").asString(""));
    } catch (JacksonException | GeneralSecurityException | IllegalArgumentException e) {
      // Not as the cause: its message may quote the text, which contains a token.
      throw new IOException("the reader's kubeconfig is not valid");
    }
  }

  private static SSLContext trusting(byte[] pem) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    var certificates =
        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    for (var certificate : certificates) {
      store.setCertificateEntry(Integer.toString(store.size()), certificate);
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** The response at a path. */
  JsonNode get(String path) throws IOException, InterruptedException {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(server + path))
              .timeout(TIMEOUT)
              .header("Authorization", "Bearer " + token)
              .header("Accept", "application/json")
              .build();
      var response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      return new JsonMapper().readTree(response.body());
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException("not a response of a Kubernetes API");
    }
  }
}
