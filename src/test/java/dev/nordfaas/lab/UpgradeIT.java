package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nordfaas.config.Images;
import dev.nordfaas.engine.EngineProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One {@code up} that changes every image of the platform, under load: no accepted order is lost or
 * doubled, and how many requests failed is counted. Clients send what failed once more after a
 * second. {@code -Dupgrade.orders=500 -Dupgrade.calls=50} per second on a machine that can carry
 * that; two cores carry the defaults.
 */
@ThreeVpses
@Tag("lab3-faults")
@Order(9)
class UpgradeIT {
  private static final int ORDERS = Integer.getInteger("upgrade.orders", 100);
  private static final int CALLS = Integer.getInteger("upgrade.calls", 20);

  /** Orders that failed twice: the goal is none. */
  private static final int FAILED = Integer.getInteger("upgrade.failed", 0);

  private static final String SUFFIX = "-next";
  private static final Duration BEFORE = Duration.ofSeconds(5);
  private static final Duration AFTER = Duration.ofSeconds(10);

  /** What has waited in the stream meanwhile is worked off, beside what is on its way again. */
  private static final Duration UNTIL_PROCESSED = Duration.ofMinutes(10);

  private static final Duration UNTIL_ROLLED = Duration.ofMinutes(3);
  private static final Path RESULTS = Path.of("target/upgrades.tsv");

  private final String test = "upgrade-" + UUID.randomUUID().toString().substring(0, 8);
  private final String known = test + "-known";
  private EngineProject project;

  @BeforeEach
  void begin() throws Exception {
    project = Lab.openProject();
    assertThat(Lab.postOrder(known).status()).isEqualTo(202);
    assertThat(Lab.eventually(() -> Lab.orders(known), rows -> !rows.isEmpty())).hasSize(1);
  }

  @AfterEach
  void putTheLabBack() throws Exception {
    project.close();
    Lab.applyOriginal();
  }

  @Test
  void everyImageOfThePlatformChangesUnderLoad() throws Exception {
    var images = Images.of(Lab.plan().config());
    tag(images);
    project.editConfig(UpgradeIT::withNextImages);

    underLoad("every image", () -> project.up());

    assertThat(Lab.eventually(UNTIL_ROLLED, UpgradeIT::oldOnes, Collection::isEmpty))
        .as("containers that still run an old image")
        .isEmpty();
    assertThat(rolled()).as("images that run").hasSizeGreaterThan(images.size() / 2);
    assertThat(Lab.changes(project.up())).isEmpty();
  }

  /**
   * Needs K3s itself ({@code LAB_K3S=k3s make lab-up STACK=lab3}), and a folder that is named as
   * the next release and has its {@code k3s} and {@code k3s-airgap-images-amd64.tar.zst}: {@code
   * -Dupgrade.k3s=/path/to/v1.35.1+k3s1}.
   */
  @Test
  void aMinorReleaseOfKubernetesUnderLoad() throws Exception {
    var folder = System.getProperty("upgrade.k3s", "");
    assumeTrue(!folder.isEmpty(), "-Dupgrade.k3s names no release of K3s");
    var release = Path.of(folder).toAbsolutePath();
    var version = release.getFileName().toString();
    project.set("k3s.version", version);
    project.set("k3s.sha256.amd64", sha256(release.resolve("k3s")));
    project.set("k3s.airGap.binary", release.resolve("k3s").toString());
    project.set("k3s.airGap.images", release.resolve("k3s-airgap-images-amd64.tar.zst").toString());

    underLoad("Kubernetes " + version, () -> project.up());

    assertThat(Lab.objects("nodes"))
        .extracting(node -> node.at("/status/nodeInfo/kubeletVersion").stringValue())
        .containsOnly(version);
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  /** The same images under another tag, in each VPS: a registry would have pushed them there. */
  private static void tag(Collection<String> images) throws IOException {
    for (var node : Lab.nodes()) {
      for (var image : images) {
        Lab.inVpsOf(
                node,
                "ctr",
                "--namespace=k8s.io",
                "images",
                "tag",
                "--force",
                image,
                image + SUFFIX)
            .ok();
      }
    }
  }

  private static String withNextImages(String config) {
    return config.replaceAll("(lab[.]nordfaas[.]dev/[a-z0-9-]+:[A-Za-z0-9._-]+)", "$1" + SUFFIX);
  }

  private interface Upgrade {
    void run() throws Exception;
  }

  /** Upgrades, and asserts what no upgrade may do. */
  private void underLoad(String what, Upgrade upgrade) throws Exception {
    try (var load = OrderLoad.start(ThreeServers.EDGE, ORDERS, CALLS, test, known)) {
      pause(BEFORE);
      var began = System.nanoTime();
      upgrade.run();
      var took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
      pause(AFTER);
      var outcomes = load.stop();
      var answers = new TreeMap<String, Long>();
      var accepted = new TreeSet<String>();
      var failed = new TreeMap<String, Long>();
      var retried = new TreeMap<String, Long>();
      for (var outcome : outcomes) {
        var kind = outcome.id().equals(known) ? "calls" : "orders";
        answers.merge(kind, 1L, Long::sum);
        if (!outcome.succeeded()) {
          failed.merge(kind, 1L, Long::sum);
        } else {
          if (!outcome.succeededAtOnce()) {
            retried.merge(kind, 1L, Long::sum);
          }
          if (kind.equals("orders")) {
            accepted.add(outcome.id());
          }
        }
      }
      record(what, took, answers, retried, failed);
      outcomes.stream()
          .filter(outcome -> !outcome.succeededAtOnce())
          .collect(
              Collectors.groupingBy(
                  it -> it.first() + ", then " + it.last(), TreeMap::new, Collectors.counting()))
          .forEach((how, times) -> System.out.printf("%s: %d × %s%n", what, times, how));

      assertThat(accepted).as("accepted orders").hasSizeGreaterThan(ORDERS);
      Lab.eventually(UNTIL_PROCESSED, this::rows, rows -> rows >= accepted.size());
      var lost = new TreeSet<>(accepted);
      lost.removeAll(Lab.orders(test));
      assertThat(lost).as("accepted with a 202, and no row").isEmpty();
      assertThat(
              Lab.sql(
                  "select count(*) - count(distinct order_id) from orders where order_id like '%s%%'"
                      .formatted(test)))
          .as("rows of an order that is there already")
          .containsExactly("0");
      assertThat(failed.getOrDefault("orders", 0L))
          .as("orders that failed twice; see %s", RESULTS)
          .isLessThanOrEqualTo(FAILED);
      if (isHighlyAvailable()) {
        assertThat(failed.getOrDefault("calls", 0L))
            .as("calls that failed twice; see %s", RESULTS)
            .isLessThanOrEqualTo(FAILED);
      }
    }
  }

  /** How many orders are rows; asked every other second, as there may be tens of thousands. */
  private long rows() {
    try {
      pause(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    var count =
        Lab.trySql(
                "select count(*) from orders where order_id like '%s-%%' and order_id <> '%s'"
                    .formatted(test, known))
            .output()
            .strip();
    return count.matches("[0-9]+") ? Long.parseLong(count) : 0;
  }

  /** A single instance of PostgreSQL is away while its pod is replaced, and calls read from it. */
  private static boolean isHighlyAvailable() throws IOException {
    return Lab.plan().config().postgres().highAvailability();
  }

  private static void record(
      String what,
      long took,
      Map<String, Long> sent,
      Map<String, Long> retried,
      Map<String, Long> failed)
      throws IOException {
    var line = new StringBuilder("%s\t%d s".formatted(what, took));
    for (var kind : List.of("orders", "calls")) {
      line.append(
          "\t%d %s, %d on retry, %d failed twice"
              .formatted(
                  sent.getOrDefault(kind, 0L),
                  kind,
                  retried.getOrDefault(kind, 0L),
                  failed.getOrDefault(kind, 0L)));
    }
    System.out.println(line);
    Files.writeString(
        RESULTS, line.append('\n'), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** The containers outside kube-system that do not run a new image, with their pods. */
  private static List<String> oldOnes() {
    return containers().entrySet().stream()
        .filter(container -> !container.getValue().endsWith(SUFFIX))
        .map(container -> container.getKey() + " " + container.getValue())
        .toList();
  }

  private static TreeSet<String> rolled() {
    return new TreeSet<>(containers().values());
  }

  /** Images of the containers of the platform's pods that are not done, by pod and container. */
  private static Map<String, String> containers() {
    var containers = new TreeMap<String, String>();
    for (var pod : Lab.objects("pods", "--all-namespaces")) {
      var namespace = pod.at("/metadata/namespace").stringValue();
      var phase = pod.at("/status/phase").stringValue("");
      if (namespace.equals("kube-system") || List.of("Succeeded", "Failed").contains(phase)) {
        continue;
      }
      for (var container : pod.at("/spec/containers")) {
        containers.put(
            "%s/%s/%s"
                .formatted(
                    namespace,
                    pod.at("/metadata/name").stringValue(),
                    container.get("name").stringValue()),
            container.get("image").stringValue());
      }
    }
    return containers;
  }

  private static void pause(Duration duration) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(duration.toMillis());
  }
}
