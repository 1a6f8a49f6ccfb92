package dev.nordfaas.testing;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.DomainName;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.EdgeConfig.Certificate;
import dev.nordfaas.config.EdgeConfig.RateLimit;
import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.edge.Caddyfile;
import dev.nordfaas.edge.EdgeManifests;
import dev.nordfaas.edge.EdgeRoutes;
import dev.nordfaas.edge.EdgeTimeouts;
import dev.nordfaas.manifest.Scripts;
import dev.nordfaas.tls.ServerTls;
import dev.nordfaas.tls.TlsIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real Caddy with the edge's Caddyfile, on ports of this machine, started by the edge's script.
 * In the place of gateway and intake is a server that notes what it is asked.
 */
public final class CaddyServer implements AutoCloseable {
  public static final String DOMAIN = "faas.oslo.example.no";

  /** Part of a path that gateway and intake never answer. */
  public static final String HELD = "/held";

  /** Part of a path whose first request is read, and its connection closed without an answer. */
  public static final String BROKEN = "broken";

  /** Part of a path that a function answers with what browsers are to believe. */
  public static final String OWN_CORS = "/own-cors";

  /** Where the connection ends instead. */
  public static final int NO_ANSWER = 0;

  private static final String OWN_CORS_HEADERS =
      """
      Access-Control-Allow-Origin: *
      access-control-allow-credentials: true
      Access-Control-Expose-Headers: X-Own
      Access-Control-Allow-Private-Network: true
      Vary: Accept-Encoding
      """
          .replace("\n", "\r\n");

  private static final String GATEWAY = "/function/";
  private static final Pattern NO_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  /** More than the edge connects at once: it gives up a connection that takes a second. */
  private static final int BACKLOG = 2048;

  private static final long PATIENCE_SECONDS = 60;
  private static final List<String> SCRIPTS = List.of("edge.sh", "check.sh");
  private static final List<String> FILES = List.of("Caddyfile", "tls.crt", "tls.key");

  private final Path folder;
  private final int httpPort = Ports.free();
  private final int httpsPort = Ports.free();
  private final int healthPort = Ports.free();
  private final ServerSocket upstream;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private int askedBefore;
  private final List<String> askedHeaders = new CopyOnWriteArrayList<>();
  private final List<String> askedBodies = new CopyOnWriteArrayList<>();
  private final Set<String> broken = new HashSet<>();
  private final Map<String, String> more;
  private final String domain;
  private final Optional<NameServer> names;
  private final List<Socket> held = new CopyOnWriteArrayList<>();
  private Optional<Process> process = Optional.empty();
  private String version = "";
  private String last = "";
  private long loadsBefore;
  private int brought;

  /** How a command ended. */
  public record Result(int exitCode, String output) {}

  private CaddyServer(
      Path folder, String domain, Optional<NameServer> names, Map<String, String> more)
      throws IOException {
    this.folder = folder;
    this.domain = domain;
    this.names = names;
    this.more = Map.copyOf(more);
    this.upstream = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    for (var name : List.of("bin", "data", "etc", "run", "scratch")) {
      Files.createDirectory(folder.resolve(name));
    }
    var command = folder.resolve("bin/caddy");
    Files.writeString(command, "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(Program.PATH));
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
    for (var name : Stream.concat(FILES.stream(), more.keySet().stream()).toList()) {
      Files.createSymbolicLink(folder.resolve("etc").resolve(name), Path.of("..data", name));
    }
    for (var name : SCRIPTS) {
      Files.writeString(folder.resolve(name), inFolder(Scripts.read(EdgeManifests.class, name)));
    }
    var listener = new Thread(this::listen, "upstream");
    listener.setDaemon(true);
    listener.start();
  }

  /** Starts it with the files of a pod, in an empty folder, and waits until it answers. */
  public static CaddyServer start(Path folder, EdgeConfig edge, EdgeRoutes routes, ServerTls tls)
      throws IOException {
    return start(folder, DOMAIN, edge, routes, tls);
  }

  /** The same with another domain. */
  public static CaddyServer start(
      Path folder, String domain, EdgeConfig edge, EdgeRoutes routes, ServerTls tls)
      throws IOException {
    return start(new CaddyServer(folder, domain, Optional.empty(), Map.of()), edge, routes, tls);
  }

  /** The same with a name server that knows the pods of functions. */
  public static CaddyServer start(
      Path folder, EdgeConfig edge, EdgeRoutes routes, ServerTls tls, NameServer names)
      throws IOException {
    var server = new CaddyServer(folder, DOMAIN, Optional.of(names), Map.of());
    return start(server, edge, routes, tls);
  }

  /** The same with more files beside the Caddyfile, by their names. */
  public static CaddyServer start(
      Path folder, EdgeConfig edge, EdgeRoutes routes, ServerTls tls, Map<String, String> more)
      throws IOException {
    return start(new CaddyServer(folder, DOMAIN, Optional.empty(), more), edge, routes, tls);
  }

  private static CaddyServer start(
      CaddyServer server, EdgeConfig edge, EdgeRoutes routes, ServerTls tls) throws IOException {
    Machine.needs("curl");
    server.bring(edge, routes, tls);
    server.launch();
    return server;
  }

  /** The path of a Caddy with the modules that the edge may need. */
  public static String program() {
    return Program.PATH;
  }

  /** A certificate for the domain, or for other names; {@code ca.crt} is what clients trust. */
  public static ServerTls certificate(String secret, String... names) {
    var all = names.length == 0 ? List.of(DOMAIN) : List.of(names);
    return ServerTls.of(new TlsIdentity("edge", "A CA", "edge", all, List.of()), "ca", secret);
  }

  /** The edge with that certificate, and bodies of at most a kibibyte. */
  public static EdgeConfig edge(
      ServerTls tls, List<Cidr> admins, List<Cidr> proxies, Optional<RateLimit> limit) {
    return Records.with(
        Fixtures.oslo().edge(),
        Map.of(
            "tls", Tls.CERTIFICATE,
            "acmeEmail", Optional.empty(),
            "acmeDirectory", Optional.empty(),
            "acmeRoots", Optional.empty(),
            "certificate",
                Optional.of(new Certificate(tls.certificate(), SecretValue.of(tls.privateKey()))),
            "adminCidrs", admins,
            "trustedProxies", proxies,
            "rateLimit", limit,
            "maxRequestBody", ByteSize.parse("1Ki")));
  }

  /** Starts the script, for the first time or again, and waits until Caddy answers. */
  public void launch() throws IOException {
    var builder =
        new ProcessBuilder("sh", path("edge.sh"), path("etc"), path("run/admin.sock"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    builder.environment().putAll(environment());
    process = Optional.of(builder.start());
    until(() -> readVersion().equals(version));
  }

  /** As the kubelet does it: another folder, and a link to it that changes at once. */
  public void bring(EdgeConfig edge, EdgeRoutes routes, ServerTls tls) throws IOException {
    var caddyfile =
        Caddyfile.of(
            edge,
            DomainName.parse(domain),
            routes,
            EdgeTimeouts.of(edge.timeouts(), Fixtures.oslo().openfaas().gateway()));
    bring(caddyfile, tls);
    version = caddyfile.replaceAll("(?s).*respond /version ([0-9a-f]+).*", "$1");
  }

  /** The same with any text in the place of the Caddyfile. */
  public void bring(String caddyfile, ServerTls tls) throws IOException {
    // A reload ends new connections: the same files again would do so in the midst of a test.
    var all = caddyfile + tls.certificate() + tls.privateKey();
    if (all.equals(last)) {
      return;
    }
    last = all;
    loadsBefore = loads();
    var files = Files.createDirectory(folder.resolve("etc/version-" + brought++));
    Files.writeString(files.resolve("Caddyfile"), here(caddyfile));
    Files.writeString(files.resolve("tls.crt"), tls.certificate());
    Files.writeString(files.resolve("tls.key"), tls.privateKey());
    for (var file : more.entrySet()) {
      Files.writeString(files.resolve(file.getKey()), file.getValue());
    }
    Files.writeString(folder.resolve("ca.crt"), tls.caCertificate());
    var link = folder.resolve("etc/..new");
    Files.createSymbolicLink(link, files.getFileName());
    Files.move(link, folder.resolve("etc/..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The version of the files that were brought last. */
  public String version() {
    return version;
  }

  /** The version that Caddy has read; empty where it does not answer. */
  public String readVersion() {
    return run(
            Map.of(),
            "curl",
            "--silent",
            "--max-time",
            "5",
            "http://127.0.0.1:%d/version".formatted(healthPort))
        .output();
  }

  /** Its metrics, as Prometheus reads them. */
  public String metrics() {
    return run(Map.of(), "curl", "--silent", "http://127.0.0.1:%d/metrics".formatted(healthPort))
        .output();
  }

  /** Waits until Caddy has read what was brought last. */
  public void untilRead() {
    until(() -> (brought == 1 || loads() > loadsBefore) && readVersion().equals(version));
  }

  private long loads() {
    return Files.exists(folder.resolve("log"))
        ? log().lines().filter(line -> line.contains("\"msg\":\"load complete\"")).count()
        : 0;
  }

  /** Runs the script of the Job. */
  public Result check(String version) {
    return run(
        Map.of(
            "FOLDER",
            path("etc"),
            "EDGE_URL",
            "http://127.0.0.1:%d/version".formatted(healthPort),
            "CONFIG_VERSION",
            version),
        "sh",
        path("check.sh"));
  }

  /** curl over TLS, of a path that goes out as it is written. */
  public Result https(String path, String... more) {
    var command =
        new ArrayList<>(
            List.of(
                "curl",
                "--silent",
                "--show-error",
                "--path-as-is",
                "--max-time",
                "10",
                "--cacert",
                path("ca.crt"),
                "--resolve",
                "%s:%d:127.0.0.1".formatted(domain, httpsPort)));
    command.addAll(List.of(more));
    command.add("https://%s:%d%s".formatted(domain, httpsPort, path));
    return run(Map.of(), command.toArray(String[]::new));
  }

  /** The status that a path is answered with, or {@link #NO_ANSWER}. */
  public int status(String path, String... more) {
    var command = new ArrayList<>(List.of("--output", "/dev/null", "--write-out", "%{http_code}"));
    command.addAll(List.of(more));
    var output = https(path, command.toArray(String[]::new)).output();
    return Integer.parseInt(output.substring(output.length() - 3));
  }

  /** The statuses that paths are answered with, by one curl. */
  public List<Integer> statuses(List<String> paths) {
    var command = new ArrayList<String>();
    for (var path : paths.subList(1, paths.size())) {
      command.addAll(
          List.of("--output", "/dev/null", "https://%s:%d%s".formatted(domain, httpsPort, path)));
    }
    command.addAll(List.of("--write-out", "%{http_code}\n", "--output", "/dev/null"));
    return https(paths.get(0), command.toArray(String[]::new))
        .output()
        .lines()
        .filter(line -> line.matches("[0-9]{3}"))
        .map(Integer::valueOf)
        .toList();
  }

  /** Headers of the answer on the port without TLS. */
  public String httpHeaders(String path) {
    return run(
            Map.of(),
            "curl",
            "--silent",
            "--head",
            "--header",
            "Host: " + domain,
            "http://127.0.0.1:%d%s".formatted(httpPort, path))
        .output();
  }

  /** What gateway and intake are asked for from now on is what {@link #asked} says. */
  public void forget() {
    askedBefore = asked.size();
  }

  /**
   * The paths, with their queries, that intake was asked for, as they came, and that the gateway
   * passes on.
   */
  public List<String> asked() {
    var all = List.copyOf(asked);
    return all.subList(askedBefore, all.size());
  }

  /** The headers of all requests to gateway and intake, such as {@code Host: example.no}. */
  public List<String> askedHeaders() {
    return List.copyOf(askedHeaders);
  }

  /** The bodies of all requests to gateway and intake that said how long they were. */
  public List<String> askedBodies() {
    return List.copyOf(askedBodies);
  }

  /** What Caddy and the script have written. */
  public String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** When the process began, to tell a restart. */
  public long processId() {
    return process.orElseThrow().pid();
  }

  /** Ends Caddy without letting it clean up. */
  public void kill() {
    process.ifPresent(started -> started.destroyForcibly().onExit().join());
  }

  /** Waits until it is so; fails where it takes too long. */
  public void until(BooleanSupplier condition) {
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(
            "not within %d s; the log:\n%s".formatted(PATIENCE_SECONDS, log()));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  /** curl that asks for a path so many times at once, at most 300, and stays until it is ended. */
  public Process atOnce(String path, int count) throws IOException {
    return new ProcessBuilder(
            "curl",
            "--silent",
            "--parallel",
            "--parallel-immediate",
            "--parallel-max",
            Integer.toString(count),
            "--cacert",
            path("ca.crt"),
            "--resolve",
            "%s:%d:127.0.0.1".formatted(domain, httpsPort),
            "--output",
            "/dev/null",
            "https://%s:%d%s?[1-%d]".formatted(domain, httpsPort, path, count))
        .start();
  }

  /** How many requests for {@link #HELD} gateway and intake have not answered. */
  public int held() {
    return held.size();
  }

  /** Closes the connections of those requests. */
  public void release() throws IOException {
    for (var socket : held) {
      socket.close();
    }
    held.clear();
  }

  @Override
  public void close() throws IOException {
    kill();
    release();
    upstream.close();
  }

  /** A text that was written for the pod, with the paths and ports of this machine. */
  private String here(String caddyfile) {
    var port = upstream.getLocalPort();
    // Two names of one server: Caddy counts the requests to each address.
    return inFolder(asking(caddyfile))
        .replaceAll("gateway\\.[a-z-]+\\.svc\\.cluster\\.local:8080", "127.0.0.1:" + port)
        .replaceAll("intake\\.[a-z-]+\\.svc\\.cluster\\.local:8080", "localhost:" + port)
        .replace("http_port 8080", "http_port " + httpPort)
        .replace("https_port 8443", "https_port " + httpsPort)
        .replace("http://:8081", "http://:" + healthPort);
  }

  /** With the name server of the test in the place of the machine's. */
  private String asking(String caddyfile) {
    return names
        .map(NameServer::address)
        .map(
            address ->
                caddyfile.replaceAll(
                    "(\\t+(dynamic srv|transport http) \\{\n)", "$1resolvers " + address + "\n"))
        .orElse(caddyfile);
  }

  private String inFolder(String text) {
    return text.replace("/tmp/", path("scratch") + "/")
        .replace("/etc/caddy", path("etc"))
        .replace("/run/caddy", path("run"))
        .replace("file_system /data", "file_system " + path("data"));
  }

  private Map<String, String> environment() {
    return Map.of(
        "PATH", path("bin") + ":" + System.getenv("PATH"),
        "HOME", path("scratch"),
        "XDG_CONFIG_HOME", path("scratch"),
        "XDG_DATA_HOME", path("scratch"));
  }

  private String path(String file) {
    return folder.resolve(file).toString();
  }

  private Result run(Map<String, String> more, String... command) {
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment());
      builder.environment().putAll(more);
      var started = builder.start();
      var output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(started.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void listen() {
    while (!upstream.isClosed()) {
      try {
        var socket = upstream.accept();
        if (!answer(socket)) {
          held.add(socket);
        } else {
          socket.close();
        }
      } catch (IOException e) {
        // That one client is gone, or the test is over.
        continue;
      }
    }
  }

  /** Whether it was answered. */
  private boolean answer(Socket socket) throws IOException {
    socket.setSoTimeout(5000);
    var reader =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    var line = reader.readLine();
    if (line == null) {
      return true;
    }
    var path = line.split(" ")[1];
    if (path.contains(HELD)) {
      return false;
    }
    var passedOn = path.startsWith(GATEWAY) ? passedOn(path) : Optional.of(path);
    if (passedOn.isEmpty()) {
      return true;
    }
    asked.add(passedOn.get());
    var length = 0;
    while (line != null && !line.isEmpty()) {
      line = reader.readLine();
      if (line != null && !line.isEmpty()) {
        askedHeaders.add(line);
        if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
        }
      }
    }
    if (length > 0) {
      askedBodies.add(body(reader, length));
    }
    if (path.contains(BROKEN) && broken.add(path)) {
      return true;
    }
    var headers = path.contains(OWN_CORS) ? OWN_CORS_HEADERS : "";
    socket
        .getOutputStream()
        .write(
            "HTTP/1.1 200 OK\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n"
                .formatted(headers)
                .getBytes(StandardCharsets.US_ASCII));
    return true;
  }

  /**
   * What OpenFaaS' gateway asks its provider for, as buildUpstreamRequest of its
   * handlers/forwarding_proxy.go does: it decodes the path, puts the query behind it, and reads
   * both as a URL. Where that is none it panics, and the connection ends without an answer.
   */
  private static Optional<String> passedOn(String target) {
    var query = target.indexOf('?');
    var path = query < 0 ? target : target.substring(0, query);
    var decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    if (NO_ESCAPE.matcher(decoded.split("[?#]", 2)[0]).find()) {
      return Optional.empty();
    }
    var url = decoded + (query < 0 ? "" : target.substring(query));
    return Optional.of(url.split("#", 2)[0]);
  }

  private static String body(BufferedReader reader, int length) throws IOException {
    var body = new char[length];
    var read = 0;
    while (read < length) {
      var more = reader.read(body, read, length - read);
      if (more < 0) {
        break;
      }
      read += more;
    }
    return new String(body, 0, read);
  }

  /** Found once, and only where a test needs it. */
  private static final class Program {
    static final String PATH = LabPrograms.find("tools/caddy");
  }
}
