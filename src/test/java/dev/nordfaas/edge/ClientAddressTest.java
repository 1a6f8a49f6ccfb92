package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.testing.CaddyServer;
import dev.nordfaas.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a real Caddy says that a request to intake is from. */
class ClientAddressTest {
  private static final ServerTls TLS = CaddyServer.certificate("first");
  private static final EdgeRoutes ROUTES =
      new EdgeRoutes(
          List.of(),
          List.of(new EdgeRoutes.IntakeRoute("/orders", Optional.empty(), Access.PUBLIC)));

  @TempDir private static Path folder;
  private static CaddyServer server;

  @BeforeAll
  static void start() throws IOException {
    server = CaddyServer.start(folder, edge(List.of()), ROUTES, TLS);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void isThePeerWhateverTheClientSays() throws IOException {
    bring(List.of());

    assertThat(
            client(
                "Nordfaas-Client-Ip: 203.0.113.7",
                "nordfaas-client-ip: 203.0.113.8",
                "X-Forwarded-For: 203.0.113.9"))
        .containsExactly("127.0.0.1");
    assertThat(client("Connection: Nordfaas-Client-Ip")).containsExactly("127.0.0.1");
  }

  @Test
  void isTheClientOfATrustedProxy() throws IOException {
    bring(List.of(Cidr.parse("127.0.0.0/8")));

    assertThat(client("X-Forwarded-For: 203.0.113.7")).containsExactly("203.0.113.7");
    assertThat(client("X-Forwarded-For: 203.0.113.8", "Nordfaas-Client-Ip: 203.0.113.7"))
        .containsExactly("203.0.113.8");
    assertThat(client("X-Forwarded-For: 203.0.113.7, 2001:db8::8")).containsExactly("2001:db8::8");
  }

  private static List<String> client(String... headers) {
    var before = server.askedHeaders().size();
    var arguments = new ArrayList<String>();
    for (var header : headers) {
      arguments.addAll(List.of("--header", header));
    }
    assertThat(server.status("/orders", arguments.toArray(String[]::new))).isEqualTo(200);
    var all = server.askedHeaders();
    return all.subList(before, all.size()).stream()
        .filter(header -> header.toLowerCase(Locale.ROOT).startsWith("nordfaas-client-ip:"))
        .map(header -> header.substring(header.indexOf(':') + 1).strip())
        .toList();
  }

  private static void bring(List<Cidr> proxies) throws IOException {
    server.bring(edge(proxies), ROUTES, TLS);
    server.untilRead();
  }

  private static EdgeConfig edge(List<Cidr> proxies) {
    return CaddyServer.edge(TLS, List.of(), proxies, Optional.empty());
  }
}
