package dev.nordfaas.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.NatsConfig.Retention;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.NatsConfigs;
import dev.nordfaas.testing.NatsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/runbook.md says about erasing what belongs to a person, as it stands there. */
class ErasureTest {
  private static final String OLA = "ola@example.no";
  private static final String KARI = "kari@example.no";

  @TempDir Path folder;
  private NatsServer server;

  @BeforeEach
  void startServer() {
    Machine.needs("sh", "jq");
    server = new NatsServer(folder).configured(Fixtures.oslo().nats(), NatsServer.users()).start();
    assertThat(
            server
                .applyStreams(new NatsConfigs.Variant().retention(Retention.LIMITS).config())
                .exitCode())
        .isZero();
    publish("intake", "orders.created", KARI);
    publish("intake", "orders.created", OLA);
    publish("intake", "orders.created", KARI);
    publish("order-processor", "dlq.orders.order-processor.2.1", OLA);
    publish("order-processor", "dlq.orders.order-processor.3.1", KARI);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void findsThePersonsMessagesByTheirText() {
    assertThat(shell(find() + "find_text orders '" + OLA + "'").stdout()).isEqualTo("2\n");
    assertThat(shell(find() + "find_text orders-dlq '" + OLA + "'").stdout()).isEqualTo("1\n");
    assertThat(shell(find() + "find_text orders '" + KARI + "'").stdout()).isEqualTo("1\n3\n");
    assertThat(shell(find() + "find_text orders nobody").stdout()).isEmpty();
  }

  @Test
  void findsThePersonsMessagesByTheirCaller() {
    publish("intake", "orders.created", "x", "--header", "Nordfaas-Caller-Subject:k%C3%A5re");

    assertThat(shell(find() + "find_text orders 'k%C3%A5re'").stdout()).isEqualTo("4\n");
  }

  @Test
  void overwritesThePersonsMessagesAndNoOthers() {
    assertThat(onDisk("orders", OLA)).isTrue();

    var removed = shell(runbook("stream rmm").replace("SEQUENCE", "2"));

    assertThat(removed.exitCode()).as(removed.stderr()).isZero();
    assertThat(onDisk("orders", OLA)).isFalse();
    assertThat(onDisk("orders", KARI)).isTrue();
    assertThat(shell(find() + "find_text orders '" + KARI + "'").stdout()).isEqualTo("1\n3\n");
  }

  @Test
  void theToolsUserMayRemoveNothingFromTheStream() {
    var request = "$JS.API.STREAM.MSG.DELETE.orders";
    server.nats("dead-letters", "request", request, "{\"seq\":2}");

    assertThat(server.log()).contains("Publish Violation - Subject \"" + request + "\"");
    assertThat(onDisk("orders", OLA)).isTrue();
  }

  private static String find() {
    var text = text();
    var start = text.indexOf("        find_text() {");
    var end = text.indexOf("\n        }\n", start);
    assertThat(start).isPositive().isLessThan(end);
    return text.substring(start, end) + "\n}\n";
  }

  private static String runbook(String words) {
    var found = text().lines().filter(line -> line.startsWith("    ") && line.contains(words));
    return found.reduce((one, other) -> one + "; " + other).orElseThrow().strip();
  }

  private static String text() {
    try {
      return Files.readString(Path.of("docs/runbook.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private NatsServer.Result shell(String commands) {
    return server.shell("admin", commands);
  }

  private void publish(String role, String subject, String body, String... options) {
    var arguments = Stream.concat(Stream.of("request", subject, body), Stream.of(options));
    var result = server.nats(role, arguments.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.stderr()).isZero();
  }

  private boolean onDisk(String stream, String text) {
    try (var files =
        Files.walk(folder.resolve("data/jetstream/NORDFAAS/streams").resolve(stream))) {
      return files.filter(Files::isRegularFile).anyMatch(file -> contains(file, text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
