package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.nordfaas.manifest.Scripts;
import dev.nordfaas.testing.LateDoor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script of the Job {@code edge-check}, whose Caddy takes every config. */
@Timeout(60)
class CheckScriptTest {
  private static final String VERSION = "0123456789";

  @TempDir Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @Test
  void saysWhyItWaitsWhereANewPodIsRefusedAtFirst() throws Exception {
    var edge = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    edge.createContext(
        "/version",
        exchange -> {
          exchange.sendResponseHeaders(200, VERSION.length());
          exchange.getResponseBody().write(VERSION.getBytes());
          exchange.close();
        });
    edge.start();
    try (var door = LateDoor.to(edge.getAddress().getPort(), Duration.ofMillis(1800))) {
      var url = "http://127.0.0.1:%d/version".formatted(door.port());
      var output = check(url);

      assertThat(output.lines())
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .startsWith("waiting for the edge at " + url + ", at most 240 s: "),
              line -> assertThat(line).isEqualTo("the edge has read version " + VERSION));
    } finally {
      edge.stop(0);
    }
  }

  @Test
  void waitsForEveryEdgeThatIsReady() throws Exception {
    var first = answers("127.0.0.2", 0, VERSION, VERSION);
    var port = first.getAddress().getPort();
    // The second has read its files only when it is asked again.
    var second = answers("127.0.0.3", port, "old", VERSION);
    lookupSays(
        """
        Server:\t\t10.43.0.10
        Address:\t10.43.0.10:53

        Name:\tedge.edge.svc.cluster.local
        Address: 127.0.0.2
        Name:\tedge.edge.svc.cluster.local
        Address: 127.0.0.3

        """);
    try {
      var output = check("http://edge.edge.svc.cluster.local:%d/version".formatted(port), 3);

      assertThat(output).isEqualTo("the edge has read version " + VERSION + "\n");
      assertThat(asked).containsExactly("127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3");
    } finally {
      first.stop(0);
      second.stop(0);
    }
  }

  private HttpServer answers(String address, int port, String first, String later)
      throws IOException {
    var edge = HttpServer.create(new InetSocketAddress(address, port), 10);
    edge.createContext(
        "/version",
        exchange -> {
          var answer = asked.contains(address) ? later : first;
          asked.add(address);
          exchange.sendResponseHeaders(200, answer.length());
          exchange.getResponseBody().write(answer.getBytes());
          exchange.close();
        });
    edge.start();
    return edge;
  }

  private void lookupSays(String answer) throws IOException {
    var nslookup =
        Files.writeString(
            folder.resolve("nslookup"), "#!/bin/sh\ncat <<'END'\n" + answer + "END\n");
    assertThat(nslookup.toFile().setExecutable(true)).isTrue();
  }

  private String check(String url) throws IOException, InterruptedException {
    return check(url, 1);
  }

  private String check(String url, int replicas) throws IOException, InterruptedException {
    var script = folder.resolve("check.sh");
    Files.writeString(script, Scripts.read(EdgeJob.class, "check.sh"));
    var caddy = Files.writeString(folder.resolve("caddy"), "#!/bin/sh\nexit 0\n");
    assertThat(caddy.toFile().setExecutable(true)).isTrue();
    var builder = new ProcessBuilder("sh", script.toString()).redirectErrorStream(true);
    builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
    builder.environment().put("FOLDER", folder.toString());
    builder.environment().put("EDGE_URL", url);
    builder.environment().put("REPLICAS", Integer.toString(replicas));
    builder.environment().put("CONFIG_VERSION", VERSION);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
