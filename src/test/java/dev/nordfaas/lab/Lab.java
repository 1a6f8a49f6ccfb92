package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.events.StepEventMetadata;
import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.engine.EngineProject;
import dev.nordfaas.engine.ProgramJvm;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.Rules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform in the lab, as {@code make lab-up} made it: seen from outside, and looked into. */
final class Lab {
  static final String DOMAIN = "faas.lab.nordfaas.dev";

  static final String ADDRESS = "10.77.0.2";

  /** The other end of the VPS's network cable: this machine. */
  static final String OUTSIDE = "10.77.0.1";

  /** What the lab keeps outside its VPSes. */
  static final Path STATE =
      Path.of(Optional.ofNullable(System.getenv("LAB_STATE")).orElse("/var/lib/nordfaas-lab"));

  /** The state of the stack. */
  static final Path PULUMI = STATE.resolve("disk/pulumi");

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String STACK = "lab/stack";

  private Lab() {}

  /** What a program printed, and how it ended. */
  record Result(int exitCode, String output) {
    /** The output; fails where the program failed. */
    String ok() {
      assertThat(exitCode).as(output).isZero();
      return output;
    }

    /** Whether it is PostgreSQL that refused. */
    private boolean hasSqlError() {
      return output.lines().anyMatch(line -> line.startsWith("ERROR:"));
    }
  }

  /** What a client outside was answered. */
  record Answer(int status, Map<String, String> headers, String body) {
    JsonNode json() {
      return new JsonMapper().readTree(body);
    }
  }

  /** The lab's stack, with its state, through the Automation API. */
  static EngineProject openProject() throws IOException, AutomationException {
    return EngineProject.ofExisting(stackName(), config(), environment());
  }

  /** Applies the config with which the lab came up, whatever a test has set. */
  static void applyOriginal() throws IOException, AutomationException {
    try (var original = openProject()) {
      original.up();
    }
  }

  /**
   * Waits until only pods of a Deployment's latest version answer. {@code up} ends sooner: at times
   * before the new pods are ready, and always while the old ones finish what they have begun.
   */
  static void awaitNewPods(String deployment) {
    var namespace = "--namespace=openfaas-fn";
    kubectl(namespace, "rollout", "status", "deployment/" + deployment, "--timeout=120s");
    var selector = "--selector=app.kubernetes.io/name=" + deployment;
    var replicas =
        kubectl(namespace, "get", "deployment", deployment, "--output=jsonpath={.spec.replicas}");
    eventually(
        () -> kubectl(namespace, "get", "pods", selector, "--output=name").lines().count(),
        pods -> pods == Integer.parseInt(replicas.strip()));
  }

  /** The certificate of the edge's own authority, in PEM. */
  static Path authority() {
    return STATE.resolve("edge-ca.crt");
  }

  /** Where the lab's store, outside the VPSes, keeps what is in the database's bucket. */
  static Path bucket() {
    return STATE.resolve("disk/store/data/nordfaas-postgres");
  }

  /** The public host key of a VPS, as the stack config has it. */
  static String hostKey(String node) throws IOException {
    var key = Files.readString(STATE.resolve("ssh/hosts/%s.pub".formatted(node))).split(" ");
    return key[0] + " " + key[1].strip();
  }

  /** The VPSes of the lab, by the names of their nodes, in the order of the config. */
  static List<String> nodes() throws IOException {
    return List.copyOf(plan().config().nodes().keySet());
  }

  /** The stack's config as it is committed. */
  static Path committedConfig() throws IOException {
    return Path.of("Pulumi.%s.yaml".formatted(stackName()));
  }

  /** The stack's config, with its secrets as they are encrypted. */
  static Path configFile() throws IOException {
    return PULUMI.resolve("stacks/%s/config.yaml".formatted(stackName()));
  }

  private static String config() throws IOException {
    return Files.readString(configFile());
  }

  /** The stack that the lab came up with: one VPS, or three. */
  static String stackName() throws IOException {
    return Files.readString(STATE.resolve("stack"));
  }

  private static Map<String, String> environment() {
    return Map.of(
        "PULUMI_BACKEND_URL",
        "file://" + PULUMI.resolve("state"),
        "PULUMI_CONFIG_PASSPHRASE_FILE",
        PULUMI.resolve("passphrase").toString());
  }

  /** The state of the stack, as it is stored. */
  static JsonNode state() throws IOException {
    var file = PULUMI.resolve("state/.pulumi/stacks/nordfaas/%s.json".formatted(stackName()));
    return new JsonMapper().readTree(Files.readString(file));
  }

  /** What the config with which the lab came up amounts to. */
  static Plan plan() throws IOException {
    var file =
        Files.writeString(
            Files.createTempDirectory("nordfaas-lab-")
                .resolve("Pulumi.%s.yaml".formatted(stackName())),
            stack("config").ok());
    return ConfigLoader.load(ConfigSource.fromFile(file), Rules::check).plan();
  }

  /** The lab's stack through its own command. */
  static Result stack(String... arguments) {
    return run(command(List.of(STACK), arguments));
  }

  /**
   * The names of the resources that a preview with refresh, which asks the host as well, would
   * change.
   */
  static List<String> previewWithRefresh() {
    var output = stack("preview", "--refresh", "--json").ok();
    var steps = new JsonMapper().readTree(output.substring(output.indexOf("{"))).get("steps");
    var changes = new TreeSet<String>();
    for (var step : steps) {
      if (!List.of("same", "refresh").contains(step.get("op").stringValue())) {
        changes.add(name(step.get("urn").stringValue()));
      }
    }
    return List.copyOf(changes);
  }

  /** The names of the resources that the steps change. */
  static List<String> changes(List<StepEventMetadata> steps) {
    return EngineProject.changes(steps).stream()
        .map(step -> name(step.urn()))
        .distinct()
        .sorted()
        .toList();
  }

  private static String name(String urn) {
    return urn.substring(urn.lastIndexOf("::") + 2);
  }

  /** A command as root in the VPS, or in the first of several that runs, beside SSH. */
  static String inVps(String... command) {
    return run(command(List.of("lab/shell"), command)).ok();
  }

  /** A command as root in one of several VPSes, beside SSH. */
  static Result inVpsOf(String node, String... command) {
    return run(command(List.of("env", "LAB_NODE=" + node, "lab/shell"), command));
  }

  /** A command on the VPS as an administrator runs it: over SSH, as root. */
  static String overSsh(String... command) {
    var ssh =
        List.of(
            "ssh",
            "-i",
            STATE.resolve("ssh/id_ed25519").toString(),
            "-oUserKnownHostsFile=" + STATE.resolve("ssh/known_hosts"),
            "-oBatchMode=yes",
            "-oLogLevel=ERROR",
            "nordfaas@" + ADDRESS,
            "sudo");
    return run(command(ssh, command)).ok();
  }

  /** What kubectl prints. */
  static String kubectl(String... arguments) {
    return inVps(command(List.of("kubectl"), arguments));
  }

  /** Applies a manifest. */
  static void apply(String manifest) {
    inVps("sh", "-c", "printf '%s' \"$1\" | kubectl apply --filename=-", "sh", manifest);
  }

  /** The objects that kubectl gets. */
  static List<JsonNode> objects(String... arguments) {
    var list =
        new JsonMapper()
            .readTree(kubectl(command(List.of("get", "--output=json"), arguments)))
            .get("items");
    var objects = new ArrayList<JsonNode>();
    list.forEach(objects::add);
    return objects;
  }

  /** All TCP ports at which anything on the VPS listens, those of services included. */
  static List<Integer> listeningPorts() {
    var ports = new TreeSet<Integer>();
    inVps("ss", "--no-header", "--listening", "--tcp", "--numeric")
        .lines()
        .map(line -> line.strip().split("\\s+")[3])
        .map(address -> Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))
        .forEach(ports::add);
    for (var service : objects("services", "--all-namespaces")) {
      for (var port : service.at("/spec/ports")) {
        ports.add(port.get("port").intValue());
        ports.add(port.path("nodePort").intValue(port.get("port").intValue()));
      }
    }
    assertThat(ports).contains(22, 443, 6443, 10250);
    return List.copyOf(ports);
  }

  /** The superuser finds tables only by their schema, unless it asks for another search path. */
  private static final String TABLES = "--dbname=dbname=orders options=-csearch_path=public";

  /** The rows of a query in the database orders, run by PostgreSQL's superuser on its own node. */
  static List<String> sql(String query) {
    if (!isCluster()) {
      return psql("statefulset/postgres", query).ok().lines().toList();
    }
    // A primary that is lost has a successor within a minute; what PostgreSQL refuses, it refuses.
    return eventually(() -> trySql(query), it -> it.exitCode() == 0 || it.hasSqlError())
        .ok()
        .lines()
        .toList();
  }

  /** The ids of the orders that are rows and begin so; none while PostgreSQL is away. */
  static TreeSet<String> orders(String prefix) {
    return trySql("select order_id from orders where order_id like '" + prefix + "%'")
        .output()
        .lines()
        .filter(line -> line.startsWith(prefix))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The same, of a PostgreSQL that may be away: then it fails at once. */
  static Result trySql(String query) {
    return psql("postgres-0", query);
  }

  /**
   * What psql prints.
   *
   * @param pod where it runs, if there is only one instance
   */
  private static Result psql(String pod, String query) {
    var begin =
        isCluster()
            ? List.of("lab/shell", "sh", "-c", IN_PRIMARY, "sh")
            : List.of(
                "lab/shell",
                "kubectl",
                "--namespace=postgres",
                "exec",
                pod,
                "--container=postgres",
                "--");
    return run(
        command(
            begin,
            "psql",
            "--username=postgres",
            TABLES,
            "--no-align",
            "--tuples-only",
            "--command=" + query));
  }

  /** In the instance that takes writes. A node that is lost does not even refuse. */
  private static final String IN_PRIMARY =
      """
      pod=$(kubectl --namespace=postgres get pods --selector=cnpg.io/instanceRole=primary --output='jsonpath={.items[0].metadata.name}') &&
        exec timeout 20 kubectl --namespace=postgres exec "$pod" --container=postgres -- "$@"
      """;

  /** Whether the database has three instances under CloudNativePG, instead of one. */
  static boolean isCluster() {
    try {
      return config().lines().map(String::strip).anyMatch("highAvailability: true"::equals);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request of a client outside to a path at the edge: by name, over TLS. */
  static Answer edge(String path, String... curl) {
    var request =
        List.of(
            "curl",
            "--silent",
            "--show-error",
            "--include",
            "--http1.1",
            "--max-time",
            "30",
            "--cacert",
            authority().toString(),
            "--resolve",
            DOMAIN + ":443:" + ADDRESS,
            "https://" + DOMAIN + path);
    return answer(run(command(request, curl)).ok());
  }

  /** curl as a client outside that trusts one authority, and may speak HTTP/2. */
  static Result curl(Path authority, String path, String... more) {
    var request =
        List.of(
            "curl",
            "--silent",
            "--show-error",
            "--max-time",
            "30",
            "--cacert",
            authority.toString(),
            "--resolve",
            DOMAIN + ":443:" + ADDRESS,
            "https://" + DOMAIN + path);
    return run(command(request, more));
  }

  /** What each request of a client outside has in a config file of curl. */
  static String curlConfig() {
    return """
        http1.1
        max-time = 60
        cacert = "%s"
        resolve = "%s:443:%s"
        """
        .formatted(authority(), DOMAIN, ADDRESS);
  }

  /** An order of one item. */
  static String order(String id, String customer) {
    return """
        {"orderId": "%s", "customer": "%s", "currency": "NOK",
         "items": [{"sku": "TEST-1", "quantity": 2, "unitPrice": 100}]}
        """
        .formatted(id, customer);
  }

  /** Posts an order; {@code curl} are more arguments for curl. */
  static Answer postOrder(String id, String... curl) {
    return post(order(id, "Kari Nordmann"), curl);
  }

  /** Posts a body to the route of the orders. */
  static Answer post(String body, String... curl) {
    return edge(
        "/orders",
        command(List.of("--header", "Content-Type: application/json", "--data", body), curl));
  }

  /** The status of a message of nobody's, for which lab3 wants a token. */
  static Answer status(String id) {
    return edge("/status/" + id, "--header", "Authorization: Bearer " + token("orders"));
  }

  /**
   * An access token of the lab's issuer.
   *
   * @param client one of those that {@code lab/token --help} names
   * @param parameters what it is to be like, as {@code name=value}
   */
  static String token(String client, String... parameters) {
    return run(command(List.of("lab/token", client), parameters)).ok().strip();
  }

  private static Answer answer(String text) {
    // curl prints interim answers, such as 100 Continue, as well.
    var begin = text.lastIndexOf("HTTP/1.1 ");
    var end = text.indexOf("\r\n\r\n", begin);
    var lines = text.substring(begin, end).split("\r\n");
    var headers = new HashMap<String, String>();
    for (var line : Arrays.asList(lines).subList(1, lines.length)) {
      var colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(),
          line.substring(colon + 1).strip(),
          (one, other) -> one + ", " + other);
    }
    return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, text.substring(end + 4));
  }

  /** Waits until a value is what it should be, and gives the last one there was. */
  static <T> T eventually(Supplier<T> value, Predicate<T> expected) {
    return eventually(PATIENCE, value, expected);
  }

  /** Waits so long at the most. */
  static <T> T eventually(Duration patience, Supplier<T> value, Predicate<T> expected) {
    var end = System.nanoTime() + patience.toNanos();
    while (true) {
      var found = value.get();
      if (expected.test(found) || System.nanoTime() > end) {
        return found;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  static Result run(String... command) {
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("KUBECTL", "lab/shell kubectl");
      if (command[0].equals(STACK)) {
        builder.environment().put("JDK_JAVA_OPTIONS", ProgramJvm.options());
      }
      var process = builder.start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes());
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String[] command(List<String> begin, String... end) {
    var command = new ArrayList<>(begin);
    command.addAll(List.of(end));
    return command.toArray(String[]::new);
  }
}
