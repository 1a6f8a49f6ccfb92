package dev.nordfaas.generated;

import dev.nordfaas.nats.NatsTls;
import dev.nordfaas.testing.Folders;
import dev.nordfaas.testing.LabPrograms;
import dev.nordfaas.testing.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * nats-server, which checks its config ({@code -t}), then starts with it and creates the streams
 * and consumers.
 */
final class NatsChecker implements Checker {
  private static final String NAME = "NATS";
  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder = Programs.folder();
  private final String program = LabPrograms.find("tools/nats", "nats-server");
  private final Map<String, List<Refusal>> known = new HashMap<>();

  NatsChecker() {
    var tls = NatsTls.of("ca", "server");
    Programs.write(folder, "ca.crt", tls.caCertificate());
    Programs.write(folder, "tls.crt", tls.certificate());
    Programs.write(folder, "tls.key", tls.privateKey());
  }

  int checked() {
    return known.size();
  }

  @Override
  public List<Refusal> check(Rendering rendering) {
    var conf = rendering.filesOf("nats", "configmap.nats-config").get("nats.conf");
    if (conf == null) {
      return List.of(new Refusal(NAME, "kubernetes/nats", "there is no nats.conf"));
    }
    var secrets =
        rendering
            .filesOf("nats", "secret.nats-server")
            .getOrDefault("secrets.conf", "")
            .replaceFirst("server_metadata .*\n", "")
            .replaceAll("\\$\\{[A-Z0-9_]+}", "p" + "0".repeat(31));
    var plan = new TreeMap<>(rendering.filesOf("nats", "configmap.nats-streams"));
    plan.keySet().removeIf(name -> !name.endsWith(".json"));
    var all = conf + secrets + plan;
    var refusals = known.get(all);
    if (refusals == null) {
      refusals = check(conf, secrets, plan);
      known.put(all, refusals);
    }
    return refusals;
  }

  private List<Refusal> check(String conf, String secrets, Map<String, String> plan) {
    Programs.write(folder, "secrets.conf", secrets);
    var here = conf.replace("/run/nats", folder.toString()).replace("/etc/nats", folder.toString());
    var checked =
        Programs.run(
            folder,
            Map.of("POD_NAME", "nats-0"),
            List.of(program, "-t", "-c", Programs.write(folder, "nats.conf", here)));
    if (checked.exitCode() != 0) {
      return List.of(refusal("nats.conf", checked.output()));
    }
    return started(here, plan);
  }

  private Refusal refusal(String file, String message) {
    return new Refusal(
        NAME, "kubernetes/nats/" + file, message.replace(folder.toString(), "").strip());
  }

  /** Alone and without TLS: so it needs no others to answer, and its store none of their votes. */
  private List<Refusal> started(String conf, Map<String, String> plan) {
    var port = Ports.free();
    var alone =
        withoutBlock(withoutBlock(conf, "cluster"), "tls")
            .replace("0.0.0.0:4222", "127.0.0.1:" + port)
            .replaceAll("http: .*", "")
            .replace("/data", folder.resolve("data").toString());
    var secrets = folder.resolve("secrets.conf");
    try {
      // A variable that nobody uses is a mistake.
      Files.write(
          secrets,
          Files.readAllLines(secrets).stream()
              .filter(line -> alone.contains("$" + line.replaceFirst(":.*", "") + "\n"))
              .toList());
      var log = folder.resolve("log");
      var builder =
          new ProcessBuilder(program, "-c", Programs.write(folder, "alone.conf", alone))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().put("POD_NAME", "nats-0");
      var process = builder.start();
      try {
        return applied(port, plan, process, log);
      } finally {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        Folders.delete(folder.resolve("data"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private List<Refusal> applied(int port, Map<String, String> plan, Process process, Path log)
      throws IOException, InterruptedException {
    var socket = connected(port, process);
    if (socket == null) {
      return List.of(
          refusal(
              "nats.conf",
              Files.readAllLines(log).stream()
                  .filter(line -> line.contains("[FTL]") || line.startsWith("nats-server:"))
                  .map(line -> line.replaceFirst(".*\\[FTL] ", ""))
                  .findFirst()
                  .orElse("nats-server does not start")));
    }
    var refusals = new ArrayList<Refusal>();
    try (socket) {
      var out = socket.getOutputStream();
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      out.write(
          ("CONNECT {\"user\":\"admin\",\"pass\":\"p%s\",\"verbose\":false,\"lang\":\"java\",\"version\":\"0\"}\r\nSUB _INBOX_admin.> 1\r\n"
                  .formatted("0".repeat(31)))
              .getBytes(StandardCharsets.UTF_8));
      Set<String> done = new HashSet<>();
      for (var kind : List.of("stream.", "consumer.")) {
        for (var file : plan.entrySet()) {
          if (!file.getKey().startsWith(kind) || !done.add(file.getKey())) {
            continue;
          }
          var answer = JSON.readTree(request(out, in, file.getKey(), file.getValue()));
          if (answer.has("error")) {
            refusals.add(
                refusal(file.getKey(), answer.path("error").path("description").asString("")));
          }
        }
      }
    }
    return refusals;
  }

  private static String request(
      java.io.OutputStream out, BufferedReader in, String file, String text) throws IOException {
    var name = file.replaceFirst("[.]json$", "").replaceFirst("^[a-z]+[.]", "");
    var config = (ObjectNode) JSON.readTree(text);
    String subject;
    String body;
    if (file.startsWith("stream.")) {
      // The server is alone.
      config.put("num_replicas", 1);
      subject = "$JS.API.STREAM.CREATE." + name;
      body = config.toString();
    } else {
      var names = name.split("[.]", 2);
      if (config.path("num_replicas").asInt(0) > 1) {
        config.put("num_replicas", 1);
      }
      var request = JSON.createObjectNode().put("stream_name", names[0]).put("action", "");
      request.set("config", config);
      subject = "$JS.API.CONSUMER.DURABLE.CREATE." + names[0] + "." + names[1];
      body = request.toString();
    }
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    out.write(
        "PUB %s _INBOX_admin.1 %d\r\n"
            .formatted(subject, bytes.length)
            .getBytes(StandardCharsets.UTF_8));
    out.write(bytes);
    out.write("\r\n".getBytes(StandardCharsets.UTF_8));
    out.flush();
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("PING")) {
        out.write("PONG\r\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
      } else if (line.startsWith("MSG")) {
        return in.readLine();
      } else if (line.startsWith("-ERR")) {
        return JSON.createObjectNode()
            .set("error", JSON.createObjectNode().put("description", line))
            .toString();
      }
    }
    throw new IOException("nats-server has closed the connection");
  }

  /** Null if it has ended. */
  private static @org.jspecify.annotations.Nullable Socket connected(int port, Process process)
      throws InterruptedException {
    for (var tries = 0; process.isAlive() && tries < 1000; tries++) {
      try {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
      } catch (IOException notYet) {
        Thread.sleep(10);
      }
    }
    return null;
  }

  private static String withoutBlock(String conf, String name) {
    return conf.replaceFirst("(?ms)^" + name + " \\{.*?^}\n", "");
  }
}
