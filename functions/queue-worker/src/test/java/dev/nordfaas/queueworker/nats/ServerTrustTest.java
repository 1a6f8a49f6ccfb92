package dev.nordfaas.queueworker.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nordfaas.queueworker.config.NatsAccess;
import dev.nordfaas.queueworker.testing.Certificate;
import dev.nordfaas.queueworker.testing.NatsServer;
import io.nats.client.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTrustTest {
  @TempDir private Path folder;

  @Test
  void connectsToTheHostOfTheCertificate() throws Exception {
    var certificate = Certificate.create(folder.resolve("nats"), "localhost");
    try (var server = server(certificate)) {
      var connection = NatsClient.connectOnce(access(server, certificate.pem()));

      assertThat(connection.getStatus()).isEqualTo(Connection.Status.CONNECTED);
      connection.close();
    }
  }

  @Test
  void refusesTheCertificateOfAnotherHost() {
    var certificate = Certificate.create(folder.resolve("nats"), "elsewhere.example.no");
    try (var server = server(certificate)) {
      assertThatThrownBy(() -> NatsClient.connectOnce(access(server, certificate.pem())))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusesACertificateThatSomebodyElseSigned() {
    var certificate = Certificate.create(folder.resolve("nats"), "localhost");
    var another = Certificate.create(folder.resolve("another"), "localhost");
    try (var server = server(certificate)) {
      assertThatThrownBy(() -> NatsClient.connectOnce(access(server, another.pem())))
          .isInstanceOf(IOException.class);
    }
  }

  private static NatsServer server(Certificate certificate) {
    return NatsServer.start(
        "sync_interval: always",
        "tls { cert_file: \"%s\", key_file: \"%s\" }"
            .formatted(certificate.pem(), certificate.key()));
  }

  private static NatsAccess access(NatsServer server, Path ca) {
    var plain = server.access(NatsServer.INTAKE);
    return new NatsAccess(
        List.of(server.url().replace("127.0.0.1", "localhost")),
        plain.user(),
        plain.password(),
        Optional.of(ca));
  }
}
