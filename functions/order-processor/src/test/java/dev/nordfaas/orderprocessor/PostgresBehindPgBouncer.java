package dev.nordfaas.orderprocessor;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL with the migrations applied, and in front of it a PgBouncer that pools transactions
 * over {@value #SERVER_CONNECTIONS} connections, in a temporary folder. Neither runs as root:
 * PostgreSQL refuses to.
 */
final class PostgresBehindPgBouncer {
  static final int SERVER_CONNECTIONS = 3;

  private static final Path MIGRATIONS = Path.of("migrations");

  /** Has a folder per major version. */
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  private static final String NOBODY = "65534";
  private static final String USER = "order_processor";
  private static final String PASSWORD = "p@ss/w+rd%";
  private static final long LIMIT_SECONDS = 60;

  private final Path folder;
  private final int serverPort = freePort(15_000, 22_500);
  private final int poolerPort = freePort(22_500, 30_000);
  private Process pooler;

  private PostgresBehindPgBouncer(Path folder) throws IOException {
    this.folder = folder;
  }

  static PostgresBehindPgBouncer start() throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("order-processor-");
    var started = new PostgresBehindPgBouncer(folder);
    started.handOver(folder);
    started.run(List.of(program("initdb"), "-D", started.data(), "-U", "postgres", "-A", "trust"));
    started.startServer();
    started.sql("postgres", "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(USER, PASSWORD));
    started.sql("postgres", "CREATE DATABASE orders OWNER " + USER);
    try (var files = Files.list(MIGRATIONS)) {
      for (var file : files.sorted().toList()) {
        started.sql("orders", "SET ROLE %s;\n%s".formatted(USER, Files.readString(file)));
      }
    }
    started.write("userlist.txt", "\"%s\" \"%s\"\n".formatted(USER, PASSWORD));
    started.run(
        List.of(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=pgbouncer -keyout tls.key -out tls.crt"
                .split(" ")));
    started.write("pgbouncer.ini", started.ini());
    started.startPooler();
    return started;
  }

  /** The function's role, which owns the table. */
  String user() {
    return USER;
  }

  /** The environment of the function. */
  Map<String, String> environment(int poolSize) {
    return Map.of(
        "DATABASE_URL",
        "postgres://%s:p%%40ss%%2Fw+rd%%25@127.0.0.1:%d/orders".formatted(USER, poolerPort),
        "DATABASE_POOL_SIZE",
        Integer.toString(poolSize));
  }

  /** The same over TLS, as on the platform. */
  Map<String, String> environmentWithTls() {
    return Map.of(
        "DATABASE_URL",
        "postgres://%s:p%%40ss%%2Fw+rd%%25@127.0.0.1:%d/orders?sslmode=verify-ca&sslrootcert=%s"
            .formatted(USER, poolerPort, folder.resolve("tls.crt")));
  }

  void startServer() throws IOException, InterruptedException {
    var options = "-c listen_addresses=127.0.0.1 -p %d -k %s".formatted(serverPort, folder);
    run(
        List.of(
            program("pg_ctl"), "start", "-w", "-D", data(), "-l", log("postgres"), "-o", options));
  }

  void stopServer() throws IOException, InterruptedException {
    run(List.of(program("pg_ctl"), "stop", "-w", "-m", "immediate", "-D", data()));
  }

  void startPooler() throws IOException, InterruptedException {
    pooler =
        builder(List.of("pgbouncer", "-q", folder.resolve("pgbouncer.ini").toString()))
            .redirectOutput(folder.resolve("pgbouncer.log").toFile())
            .start();
    var limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (psql(poolerPort, USER, "pgbouncer", "SHOW VERSION").exitCode() != 0) {
      if (System.nanoTime() > limit) {
        throw new IOException(Files.readString(folder.resolve("pgbouncer.log")));
      }
      Thread.sleep(20);
    }
  }

  void stopPooler() throws InterruptedException {
    pooler.destroyForcibly().waitFor();
  }

  /** What the administrator's query says, one row a line, past the pooler. */
  List<String> sql(String database, String query) throws IOException, InterruptedException {
    return psql(serverPort, "postgres", database, query).orThrow().lines().toList();
  }

  /** A session of the administrator, past the pooler. */
  Connection administrator() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/orders".formatted(serverPort), "postgres", "");
  }

  /** What the pooler's console says. */
  List<String> console(String command) throws IOException, InterruptedException {
    return psql(poolerPort, USER, "pgbouncer", command).orThrow().lines().toList();
  }

  /** Ends both and leaves nothing behind. */
  void stop() throws IOException, InterruptedException {
    stopPooler();
    if (Files.exists(folder.resolve("data/postmaster.pid"))) {
      stopServer();
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private String ini() {
    return """
        [databases]
        * = host=127.0.0.1 port=%d

        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = scram-sha-256
        auth_file = %s/userlist.txt
        pool_mode = transaction
        default_pool_size = %d
        max_client_conn = 1000
        query_wait_timeout = 20
        server_login_retry = 1
        ignore_startup_parameters = extra_float_digits
        admin_users = %s
        client_tls_sslmode = allow
        client_tls_key_file = %s/tls.key
        client_tls_cert_file = %s/tls.crt
        """
        .formatted(serverPort, poolerPort, folder, SERVER_CONNECTIONS, USER, folder, folder);
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private String log(String program) {
    return folder.resolve(program + ".log").toString();
  }

  private static String program(String name) throws IOException {
    try (var versions = Files.list(VERSIONS)) {
      var newest = versions.max(Comparator.comparingInt(PostgresBehindPgBouncer::version));
      return newest.orElseThrow().resolve("bin").resolve(name).toString();
    }
  }

  private static int version(Path folder) {
    return Integer.parseInt(folder.getFileName().toString());
  }

  private void write(String name, String text) throws IOException, InterruptedException {
    var file = Files.writeString(folder.resolve(name), text);
    handOver(file);
  }

  private void handOver(Path path) throws IOException, InterruptedException {
    if (isRoot()) {
      result(new ProcessBuilder("chown", NOBODY, path.toString())).orThrow();
    }
  }

  private Result psql(int port, String user, String database, String query)
      throws IOException, InterruptedException {
    var command =
        List.of(
            "psql",
            "-XAtq",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            "127.0.0.1",
            "-p",
            Integer.toString(port),
            "-U",
            user,
            "-d",
            database,
            "-c",
            query);
    return result(builder(command));
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    result(builder(command)).orThrow();
  }

  private ProcessBuilder builder(List<String> command) {
    var words = new ArrayList<String>();
    if (isRoot()) {
      words.addAll(
          List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"));
    }
    words.addAll(command);
    var builder = new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", PASSWORD);
    builder.environment().put("PGCONNECT_TIMEOUT", "5");
    return builder;
  }

  /** Into a file: a server that goes on running would keep a pipe open. */
  private static Result result(ProcessBuilder builder) throws IOException, InterruptedException {
    var output = Files.createTempFile("order-processor-", ".log");
    try {
      var process = builder.redirectOutput(output.toFile()).start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(builder.command() + " does not end");
      }
      return new Result(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** Below those that Linux gives to clients: one could take it while its server is stopped. */
  private static int freePort(int from, int to) throws IOException {
    while (true) {
      var port = ThreadLocalRandom.current().nextInt(from, to);
      try (var socket = new ServerSocket(port)) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        continue;
      }
    }
  }

  private record Result(int exitCode, String output) {
    String orThrow() throws IOException {
      if (exitCode != 0) {
        throw new IOException(output);
      }
      return output;
    }
  }
}
