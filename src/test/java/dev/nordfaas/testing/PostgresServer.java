package dev.nordfaas.testing;

import dev.nordfaas.postgres.PostgresTls;
import dev.nordfaas.tls.ServerTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A real PostgreSQL, and a real PgBouncer in front of it, in a folder. They do not run as root:
 * PostgreSQL refuses to.
 */
public final class PostgresServer {
  /** Has a folder per major version. */
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  private static final String NOBODY = "65534";
  private static final String SUPERUSER_PASSWORD = "superuser's";
  private static final long LIMIT_SECONDS = 60;

  private final Path folder;
  private final int port = Ports.free();
  private final int poolerPort = Ports.free();
  private final List<Process> besides = new ArrayList<>();
  private Optional<Process> pooler = Optional.empty();

  /** What a program said, and how it ended. */
  public record Result(int exitCode, String output) {}

  private PostgresServer(Path folder) {
    this.folder = folder;
  }

  /**
   * Starts it.
   *
   * @param folder an empty folder
   * @param hba its {@code pg_hba.conf}
   */
  public static PostgresServer start(Path folder, String hba) {
    return start(folder, hba, Map.of());
  }

  /**
   * Starts it.
   *
   * @param settings more settings, whose values have no spaces
   */
  public static PostgresServer start(Path folder, String hba, Map<String, String> settings) {
    var tls = PostgresTls.of("ca", "server", "pooler");
    Machine.needs("psql", "pgbouncer", "setpriv");
    var server = new PostgresServer(folder);
    server.own(folder);
    var password = server.file("password", SUPERUSER_PASSWORD + "\n");
    var data = folder.resolve("data").toString();
    server.succeed(
        program("initdb"),
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "scram-sha-256",
        "--pwfile",
        password);
    var options =
        "-c listen_addresses=127.0.0.1 -c port=%d -c fsync=off -c unix_socket_directories= -c hba_file=%s -c ssl=on -c ssl_cert_file=%s -c ssl_key_file=%s"
            .formatted(
                server.port,
                server.file("pg_hba.conf", hba),
                server.file("server.crt", tls.server().certificate()),
                server.file("server.key", tls.server().privateKey()));
    for (var setting : settings.entrySet()) {
      options += " -c %s=%s".formatted(setting.getKey(), setting.getValue());
    }
    server.file(ServerTls.CA_FILE, tls.caCertificate());
    server.file(ServerTls.CERTIFICATE_FILE, tls.pooler().certificate());
    server.file(ServerTls.PRIVATE_KEY_FILE, tls.pooler().privateKey());
    var log = folder.resolve("postgres.log").toString();
    server.succeed(program("pg_ctl"), "start", "-w", "-D", data, "-l", log, "-o", options);
    return server;
  }

  /** Starts a PgBouncer with the config of production, but for addresses and paths. */
  public void startPooler(String ini, String userlist) {
    file("userlist.txt", userlist);
    pooler =
        Optional.of(
            startBeside("pgbouncer", List.of("pgbouncer", "-q", poolerConfig(ini)), Map.of()));
  }

  /** Has PgBouncer read another config while it runs. */
  public void reloadPooler(String ini) {
    poolerConfig(ini);
    succeeded(
        result(new ProcessBuilder("kill", "-HUP", Long.toString(pooler.orElseThrow().pid()))));
  }

  private String poolerConfig(String ini) {
    var config =
        ini.replace("host=postgres port=5432", "host=127.0.0.1 port=" + port)
            .replace("listen_addr = *", "listen_addr = 127.0.0.1")
            .replace("listen_port = 6432", "listen_port = " + poolerPort)
            .replace("/etc/pgbouncer", folder.toString());
    return file("pgbouncer.ini", config);
  }

  /**
   * Starts a program that ends with the server.
   *
   * @param name of its log
   */
  public Process startBeside(String name, List<String> command, Map<String, String> environment) {
    var variables = new TreeMap<>(environment);
    // It may not look into that of whoever runs the tests.
    variables.put("HOME", folder.toString());
    try {
      var process =
          builder(unprivileged(command.toArray(String[]::new)), variables)
              .redirectOutput(folder.resolve(name + ".log").toFile())
              .start();
      besides.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** TCP port of PostgreSQL. */
  public int port() {
    return port;
  }

  /** TCP port of PgBouncer. */
  public int poolerPort() {
    return poolerPort;
  }

  /** The authority's certificate, for clients. */
  public String authority() {
    return folder.resolve(ServerTls.CA_FILE).toString();
  }

  /** Ends it, and what was started beside it. */
  public void stop() {
    besides.forEach(Process::destroyForcibly);
    succeed(
        program("pg_ctl"),
        "stop",
        "-w",
        "-m",
        "immediate",
        "-D",
        folder.resolve("data").toString());
  }

  /** Runs a shell script that finds the server in the environment, as the superuser. */
  public Result script(Path script, Map<String, String> environment) {
    var variables = new TreeMap<>(environment);
    variables.putAll(login("postgres", SUPERUSER_PASSWORD, "postgres", port));
    return run(script, variables);
  }

  /**
   * Runs a shell script that finds the server in the environment.
   *
   * @param port where it looks for the server
   * @param script the script and its arguments
   */
  public Result scriptAs(
      String user, String password, int port, Map<String, String> environment, String... script) {
    var variables = new TreeMap<>(environment);
    variables.putAll(login(user, password, "postgres", port));
    var command = new ArrayList<>(List.of("sh"));
    command.addAll(List.of(script));
    return result(builder(command, variables));
  }

  /** Runs a shell script that finds the pooler in the environment. */
  public Result scriptThroughPooler(Path script, Map<String, String> environment) {
    var variables = new TreeMap<>(environment);
    variables.putAll(
        Map.of(
            "PGHOST",
            "127.0.0.1",
            "PGPORT",
            Integer.toString(poolerPort),
            "PGSSLMODE",
            "verify-full"));
    return run(script, variables);
  }

  private Result run(Path script, Map<String, String> variables) {
    variables.put("CA_CERTIFICATE", PostgresTls.of("ca", "server", "pooler").caCertificate());
    return result(builder(List.of("sh", script.toString()), variables));
  }

  /** What the superuser's query says, one row a line. */
  public List<String> sql(String database, String query) {
    return succeeded(psql(login("postgres", SUPERUSER_PASSWORD, database, port), query))
        .lines()
        .toList();
  }

  /** Runs a query as somebody, without the pooler. */
  public Result directly(String user, String password, String database, String query) {
    return psql(login(user, password, database, port), query);
  }

  /** Runs a query as somebody, through the pooler. */
  public Result throughPooler(String user, String password, String database, String query) {
    return throughPooler(user, password, database, query, Map.of());
  }

  /**
   * The same.
   *
   * @param environment more variables for libpq
   */
  public Result throughPooler(
      String user,
      String password,
      String database,
      String query,
      Map<String, String> environment) {
    var login = new TreeMap<>(login(user, password, database, poolerPort));
    login.putAll(environment);
    var result = psql(login, query);
    for (var tries = 0; tries < 100 && result.output().contains("Connection refused"); tries++) {
      pause();
      result = psql(login, query);
    }
    return result;
  }

  private Result psql(Map<String, String> login, String query) {
    return result(builder(List.of("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", query), login));
  }

  private Map<String, String> login(String user, String password, String database, int port) {
    return Map.of(
        "PGHOST",
        "127.0.0.1",
        "PGPORT",
        Integer.toString(port),
        "PGUSER",
        user,
        "PGPASSWORD",
        password,
        "PGDATABASE",
        database,
        "PGCONNECT_TIMEOUT",
        "10",
        "PGSSLMODE",
        "verify-full",
        "PGSSLROOTCERT",
        authority());
  }

  /** Writes a file that only the servers read, and gives its path. */
  public String file(String name, String text) {
    try {
      var file = Files.writeString(folder.resolve(name), text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      own(file);
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void own(Path path) {
    if (isRoot()) {
      succeeded(result(new ProcessBuilder("chown", NOBODY, path.toString())));
    }
  }

  private void succeed(String... command) {
    succeeded(result(builder(unprivileged(command), Map.of())));
  }

  private static String succeeded(Result result) {
    if (result.exitCode() != 0) {
      throw new IllegalStateException(result.output());
    }
    return result.output();
  }

  private static List<String> unprivileged(String... command) {
    var words = new ArrayList<String>();
    if (isRoot()) {
      words.addAll(
          List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"));
    }
    words.addAll(List.of(command));
    return words;
  }

  private ProcessBuilder builder(List<String> command, Map<String, String> environment) {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder;
  }

  /** Into a file: a server that goes on running would keep a pipe open. */
  private static Result result(ProcessBuilder builder) {
    try {
      var output = Files.createTempFile("nordfaas-", ".log");
      try {
        var process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException(builder.command() + " does not end");
        }
        return new Result(process.exitValue(), Files.readString(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String program(String name) {
    try (var versions = Files.list(VERSIONS)) {
      var newest = versions.max(Comparator.comparingInt(PostgresServer::version));
      return newest.orElseThrow().resolve("bin").resolve(name).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int version(Path folder) {
    return Integer.parseInt(folder.getFileName().toString());
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }
}
