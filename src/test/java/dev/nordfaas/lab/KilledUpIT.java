package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * An {@code up} that is killed at random points of a change of everything: hosts, Jobs, workloads,
 * generated passwords, objects that come and go; or whose node loses its power meanwhile. The next
 * one ends well, without orphans, replaced volumes or hands. On one VPS, and on three. {@code
 * -Dkilled.points=25} for as many, {@code -Dkilled.seed=1} for the same ones again, {@code
 * -Dkilled.longest=60} for points within so many seconds.
 */
@EndToEnd
@Tag("lab-faults")
@Tag("lab3-faults")
class KilledUpIT {
  private static final long SEED = Long.getLong("killed.seed", System.nanoTime());
  private static final int POINTS = Integer.getInteger("killed.points", 5);

  /** About as long as an {@code up} that changes all of this takes, for each VPS. */
  private static final int SECONDS = 45;

  private static final Duration BEFORE_POWER_IS_BACK = Duration.ofSeconds(10);

  /** A node is not ready until its kubelet has said so, nor are its pods. */
  private static final Duration UNTIL_WHOLE = Duration.ofMinutes(5);

  /** What is left of a killed {@code up} ends by then: Pulumi waits ten minutes for an object. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** Every kind of object that the platform has and that nobody else makes. */
  private static final String KINDS =
      "deployments,statefulsets,jobs,cronjobs,services,configmaps,secrets,serviceaccounts,roles,"
          + "rolebindings,networkpolicies,horizontalpodautoscalers,poddisruptionbudgets";

  @TempDir private static Path folder;

  private static final String ORDER = "killed-" + UUID.randomUUID();
  private static Map<String, String> volumes;

  /** What is killed, without a chance to clean up. */
  enum Victim {
    /** The engine; plug-ins and the program outlive it. */
    ENGINE("(.*/)?pulumi up .*"),
    PROGRAM(".*java .*target/nordfaas[.]jar.*"),
    KUBERNETES_PLUG_IN(".*pulumi-resource-kubernetes.*"),
    COMMAND_PLUG_IN(".*pulumi-resource-command.*"),
    EVERYTHING(".*"),
    /** All sessions on the hosts, which ends the commands that run in them. */
    SSH(""),
    /** One of the nodes loses its power, and boots ten seconds later. */
    NODE("");

    private final String commandLine;

    Victim(String commandLine) {
      this.commandLine = commandLine;
    }

    void kill(Process up, String node) throws IOException, InterruptedException {
      if (this == SSH) {
        for (var host : Lab.nodes()) {
          // The listening one has another title; where there is none, there is nothing to end.
          Lab.inVpsOf(host, "pkill", "-KILL", "--full", "^sshd: nordfaas");
        }
        return;
      }
      if (this == NODE) {
        Lab.run("lab/power", "off", node).ok();
        TimeUnit.MILLISECONDS.sleep(BEFORE_POWER_IS_BACK.toMillis());
        Lab.run("lab/power", "on", node).ok();
        return;
      }
      Stream.concat(up.descendants(), Stream.of(up.toHandle()))
          .filter(process -> commandLine(process).matches(commandLine))
          .forEach(ProcessHandle::destroyForcibly);
    }

    private static String commandLine(ProcessHandle process) {
      return process.info().commandLine().orElse("");
    }
  }

  /**
   * A point at which one is killed.
   *
   * @param node that is switched off, if that is what happens
   */
  record Point(int number, Victim victim, String node, Duration after) {
    @Override
    public String toString() {
      var what = victim == Victim.NODE ? node + " without power" : victim.toString();
      return "seed %d, point %d: %s after %d ms".formatted(SEED, number, what, after.toMillis());
    }
  }

  static List<Point> points() throws IOException {
    var random = new Random(SEED);
    var victims = Victim.values();
    var nodes = Lab.nodes();
    var longest =
        Duration.ofSeconds(Integer.getInteger("killed.longest", SECONDS * nodes.size())).toMillis();
    return IntStream.range(0, POINTS)
        .mapToObj(
            number ->
                new Point(
                    number,
                    victims[random.nextInt(victims.length)],
                    nodes.get(random.nextInt(nodes.size())),
                    Duration.ofMillis(random.nextLong(longest))))
        .toList();
  }

  @BeforeAll
  static void storeAnOrder() {
    assertThat(Lab.postOrder(ORDER).status()).isEqualTo(202);
    assertThat(Lab.eventually(() -> rows(ORDER), List.of("1")::equals)).containsExactly("1");
    volumes = volumes();
  }

  @AfterAll
  static void putTheLabBack() {
    Lab.stack("up", "--yes", "--skip-preview").ok();
  }

  @ParameterizedTest
  @MethodSource("points")
  void theNextUpEndsWell(Point point) throws Exception {
    var config = Files.writeString(folder.resolve("stack.yaml"), changed(point.number()));
    killed(config, point);
    assertThat(Lab.eventually(UNTIL_WHOLE, KilledUpIT::missing, List::isEmpty))
        .as("%s: what does not come back by itself", point)
        .isEmpty();

    var next = up(config);

    assertThat(next.exitCode()).as("%s: %s", point, next.output()).isZero();
    var again = up(config, "--expect-no-changes");
    assertThat(again.exitCode()).as("%s, the up after it: %s", point, again.output()).isZero();
    assertThat(volumes()).as(point.toString()).isEqualTo(volumes);
    assertThat(rows(ORDER)).containsExactly("1");
    assertThatStateAndClusterAgree(point);
    var order = ORDER + "-" + point.number();
    assertThat(Lab.eventually(() -> statusOf(order), status -> status == 202))
        .as(point.toString())
        .isEqualTo(202);
    assertThat(Lab.eventually(() -> rows(order), List.of("1")::equals))
        .as(point.toString())
        .containsExactly("1");
  }

  /** What the edge answers; 0 where it does not. */
  private static int statusOf(String order) {
    try {
      return Lab.postOrder(order).status();
    } catch (AssertionError | StringIndexOutOfBoundsException e) {
      return 0;
    }
  }

  /** The nodes that are not ready, or that nobody can be asked about them. */
  private static List<String> missing() {
    var nodes = Lab.run("lab/shell", "kubectl", "get", "nodes", "--no-headers");
    return nodes.exitCode() == 0
        ? nodes.output().lines().filter(line -> !line.matches("\\S+ +Ready[, ].*")).toList()
        : List.of(nodes.output());
  }

  /** Starts one, kills its victim, and waits until all of it has ended. */
  private static void killed(Path config, Point point) throws Exception {
    var up =
        stack(config, "up", "--yes", "--skip-preview")
            .redirectOutput(folder.resolve("killed-" + point.number()).toFile())
            .start();
    // An up that is faster than the point has nothing to be killed.
    if (!up.waitFor(point.after().toMillis(), TimeUnit.MILLISECONDS)) {
      point.victim().kill(up, point.node());
    }
    if (!up.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      Victim.EVERYTHING.kill(up, point.node());
      throw new AssertionError(point + ": does not end");
    }
  }

  private static Lab.Result up(Path config, String... flags)
      throws IOException, InterruptedException {
    var arguments = Stream.concat(Stream.of("up", "--yes", "--skip-preview"), Stream.of(flags));
    var process = stack(config, arguments.toArray(String[]::new)).start();
    var output = new String(process.getInputStream().readAllBytes());
    return new Lab.Result(process.waitFor(), output);
  }

  private static ProcessBuilder stack(Path config, String... arguments) {
    var command = Stream.concat(Stream.of("lab/stack"), Stream.of(arguments)).toList();
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LAB_CONFIG", config.toString());
    return builder;
  }

  /**
   * The lab's config, changed in each part that is applied in another way: files, values and the
   * firewall of the host, a Job of each kind, a Deployment, a rotated password, and a function that
   * is there every other time.
   */
  private static String changed(int number) throws IOException {
    var config = Files.readString(Lab.committedConfig());
    config =
        edit(
            config,
            "  nordfaas:host:\n",
            "  nordfaas:host:\n    journalMaxUse: %dMi\n    sysctls: {vm.max_map_count: %d}\n"
                .formatted(65 + number, 300_000 + number));
    config =
        edit(
            config,
            "      apiCidrs: [10.77.0.0/24]\n",
            "      apiCidrs: [10.77.0.0/24, 192.0.2.%d/32]\n".formatted(number % 250));
    config =
        edit(config, "        maxBytes: 1Gi\n", "        maxBytes: %dMi\n".formatted(900 + number));
    config =
        edit(
            config,
            "      defaultPoolSize: 20\n",
            "      defaultPoolSize: %d\n".formatted(21 - number % 2));
    config =
        edit(
            config,
            "    tls: internal # no public authority reaches the lab\n",
            "    tls: internal\n    maxRequestBody: %dKi\n".formatted(1024 + number));
    config =
        edit(
            config,
            "    order-status:\n",
            "    order-status:\n      environment: {POINT: \"%d\"}\n".formatted(number));
    config =
        edit(
            config,
            "        grant: read\n",
            "        grant: read\n        passwordVersion: %d\n".formatted(number + 2));
    return number % 2 == 1 ? config : config + FUNCTION;
  }

  private static final String FUNCTION =
      """
          killed:
            image: lab.nordfaas.dev/vat:0.1.0
            http: {paths: [/killed], auth: {public: true}}
            scale: {max: 2}
            resources: {requests: {cpu: 20m, memory: 64Mi}}
            cron:
              often: {schedule: "0 0 1 1 *", body: '{"net": 4}'}
      """;

  private static String edit(String config, String from, String to) {
    assertThat(config.indexOf(from)).as(from).isNotNegative().isEqualTo(config.lastIndexOf(from));
    return config.replace(from, to);
  }

  private static void assertThatStateAndClusterAgree(Point point) throws IOException {
    var deployment = Lab.state().get("checkpoint").get("latest");
    assertThat(deployment.path("pending_operations")).as(point + ": half-done").isEmpty();
    var urns = new ArrayList<String>();
    var ids = new TreeSet<String>();
    for (var resource : deployment.get("resources")) {
      urns.add(resource.get("urn").stringValue());
      assertThat(resource.path("delete").asBoolean(false)).as("%s: %s", point, urns).isFalse();
      if (resource.get("type").stringValue().startsWith("kubernetes:")) {
        ids.add(kind(resource) + " " + resource.get("id").stringValue());
      }
    }
    assertThat(urns).as(point.toString()).doesNotHaveDuplicates();
    var ours =
        Lab.objects(
            KINDS,
            "--all-namespaces",
            "--selector=app.kubernetes.io/managed-by=pulumi",
            "--show-managed-fields");
    assertThat(ours).hasSizeGreaterThan(50);
    for (var object : ours) {
      if (!object.at("/metadata/ownerReferences").isEmpty()) {
        continue; // a CronJob's Job
      }
      assertThat(ids).as("%s: orphans", point).contains(id(object));
      assertThat(managers(object)).as("%s: who applies %s", point, id(object)).hasSizeLessThan(2);
    }
  }

  private static String kind(JsonNode resource) {
    var type = resource.get("type").stringValue();
    return type.substring(type.lastIndexOf(':') + 1).replaceFirst("Patch$", "");
  }

  private static String id(JsonNode object) {
    return "%s %s/%s"
        .formatted(
            object.get("kind").stringValue(),
            object.at("/metadata/namespace").stringValue(),
            object.at("/metadata/name").stringValue());
  }

  /** The plug-in applies each object as a manager of its own, which it keeps in the state. */
  private static Set<String> managers(JsonNode object) {
    var managers = new TreeSet<String>();
    for (var fields : object.at("/metadata/managedFields")) {
      Optional.of(fields.get("manager").stringValue())
          .filter(manager -> manager.startsWith("pulumi-kubernetes-"))
          .ifPresent(managers::add);
    }
    return managers;
  }

  /** The claims and what they are: another one of the same name would be empty. */
  private static Map<String, String> volumes() {
    var volumes = new TreeMap<String, String>();
    for (var claim : Lab.objects("persistentvolumeclaims", "--all-namespaces")) {
      volumes.put(id(claim), claim.at("/metadata/uid").stringValue());
    }
    assertThat(volumes).hasSizeGreaterThan(2);
    return volumes;
  }

  private static List<String> rows(String order) {
    return Lab.trySql("select count(*) from orders where order_id = '" + order + "'")
        .output()
        .lines()
        .toList();
  }
}
