package dev.nordfaas.queueworker.testing;

import dev.nordfaas.queueworker.config.NatsAccess;
import dev.nordfaas.queueworker.nats.NatsClient;
import io.nats.client.Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real nats-server with the accounts, users and permissions that the program writes for Oslo, and
 * with an fsync for each message. A test class that registers one as an extension shares it between
 * its tests.
 */
public final class NatsServer implements AutoCloseable, AfterAllCallback {
  public static final String ADMIN = "admin";
  public static final String INTAKE = "intake";
  public static final String WORKER = "order-processor";

  public static final String DEAD_LETTERS = "dead-letters";

  /** A second worker of the same stream, for a consumer of its own name. */
  public static final String OTHER_WORKER = "mailer";

  /** The checkout whose golden files say what users may do. */
  static final Path ROOT = Path.of(System.getProperty("nordfaas.root", "../.."));

  private static final Pattern USER_OF_WORKER =
      Pattern.compile(
          "      \\{\\n        user: \"order-processor\".*?\\n      \\}\\n", Pattern.DOTALL);
  private static final Pattern PASSWORD = Pattern.compile("\\$(NATS_PASSWORD_[A-Z_]+)");
  private static final String SECRET = "of-the-test";

  private final Path folder;
  private final Path store;
  private final int port;
  private Process process;

  private NatsServer(String name, Path folder, Path store, String jetStream, String more) {
    this.folder = folder;
    this.store = store;
    this.port = Ports.free();
    try {
      Files.writeString(
          folder.resolve("nats.conf"),
          """
          server_name: %s
          listen: "127.0.0.1:%d"
          max_payload: 1088KiB
          jetstream { store_dir: "%s", %s }
          %s
          %s
          """
              .formatted(name, port, store, jetStream, more, accounts()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.process = launch();
  }

  /** A server that syncs every message before its PubAck. */
  public static NatsServer start() {
    return start("sync_interval: always");
  }

  /** A server with other settings of JetStream. */
  public static NatsServer start(String jetStream) {
    return start(jetStream, "");
  }

  /** A server with other settings of JetStream, and more besides. */
  public static NatsServer start(String jetStream, String more) {
    var folder = temporaryFolder();
    return new NatsServer("test", folder, folder.resolve("data"), jetStream, more);
  }

  /** A server of a cluster, or one whose store is elsewhere. */
  public static NatsServer start(String name, Path store, String jetStream, String more) {
    return new NatsServer(name, temporaryFolder(), store, jetStream, more);
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("nats-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "nats://127.0.0.1:" + port;
  }

  public NatsAccess access(String user) {
    return access(List.of(this), user);
  }

  /** Access to any of several servers. */
  public static NatsAccess access(List<NatsServer> servers, String user) {
    var urls = servers.stream().map(NatsServer::url).toList();
    return new NatsAccess(urls, user, SECRET, Optional.empty());
  }

  /** A connection as one of the users. */
  public Connection connect(String user) {
    try {
      return NatsClient.connectOnce(access(user));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Publishes one message as one of the users, and makes sure that the server has it. */
  public void publish(String user, String subject, String body) {
    var connection = connect(user);
    connection.publish(subject, body.getBytes(StandardCharsets.UTF_8));
    try {
      connection.flush(Duration.ofSeconds(2));
      connection.close();
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends it at once. What it wrote stays: for a power cut it needs a {@link ForgetfulDisk}. */
  public void kill() {
    kill(List.of(this));
  }

  /** Ends several in the same instant. */
  public static void kill(List<NatsServer> servers) {
    servers.forEach(server -> server.process.destroyForcibly());
    servers.forEach(NatsServer::waitForEnd);
  }

  /** Stops its process where it is, until {@link #thaw()}. */
  public void freeze() {
    signal("STOP");
  }

  /** Lets a frozen one go on. */
  public void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts it again on the same port, with the same store. */
  public void restart() {
    process = launch();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    kill();
    Folders.delete(folder);
  }

  private void waitForEnd() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Process launch() {
    try {
      var builder =
          new ProcessBuilder(binary(), "-c", folder.resolve("nats.conf").toString())
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("nats.log").toFile()));
      PASSWORD
          .matcher(accounts())
          .results()
          .forEach(variable -> builder.environment().put(variable.group(1), SECRET));
      var launched = builder.start();
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> accepts(launched));
      return launched;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean accepts(Process launched) {
    if (!launched.isAlive()) {
      throw new IllegalStateException("nats-server ended: " + log());
    }
    try (var socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** What it has logged. */
  public String log() {
    try {
      return Files.readString(folder.resolve("nats.log"));
    } catch (IOException e) {
      return "no log";
    }
  }

  private static String accounts() throws IOException {
    var golden = Files.readString(ROOT.resolve("src/test/resources/golden/nats/oslo/nats.conf"));
    var accounts = golden.substring(golden.indexOf("accounts {"));
    return USER_OF_WORKER
        .matcher(accounts)
        .replaceFirst(
            user -> Matcher.quoteReplacement(user.group() + userOfOtherWorker(user.group())));
  }

  private static String userOfOtherWorker(String user) {
    return user.replace(WORKER, OTHER_WORKER)
        .replace("PASSWORD_ORDER_PROCESSOR", "PASSWORD_MAILER");
  }

  /** Whether this ASCII text is in a stream's files, be it of a message that was removed. */
  public boolean hasOnDisk(String stream, String text) {
    var files = store.resolve("jetstream/NORDFAAS/streams").resolve(stream);
    try (var all = Files.walk(files)) {
      return all.filter(Files::isRegularFile).anyMatch(file -> contains(file, text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The path that tools/nats prints; it may have to build it first. */
  private static String binary() {
    return Binary.PATH;
  }

  private static final class Binary {
    static final String PATH = Tools.path("nats", "nats-server");
  }
}
