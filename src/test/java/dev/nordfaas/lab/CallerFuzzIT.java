package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever sends nonsense gets a refusal, and nothing grows or breaks. */
@EndToEnd
class CallerFuzzIT {
  private static final int WARM_UP = 2_000;
  private static final int REQUESTS = 10_000;

  /** Less than 5 KiB for each request. */
  private static final long GROWTH_KILOBYTES = 48 << 10;

  private Workloads before;
  private final long seed = System.nanoTime();

  @BeforeEach
  void readWorkloads() {
    before = Workloads.read();
  }

  @Test
  void theEdgeRefusesNonsenseWithoutAFault() throws IOException {
    var edge = List.of("--namespace=edge", "exec", "edge-0", "--container=caddy");
    fuzz(List.of(), WARM_UP, seed, Lab.ADDRESS, "443", Lab.authority().toString());
    var kilobytes = kilobytes(edge);

    var counts =
        fuzz(List.of(), REQUESTS, seed + WARM_UP, Lab.ADDRESS, "443", Lab.authority().toString());

    assertNoFault(counts);
    assertThat(kilobytes(edge) - kilobytes).as("kilobytes").isLessThan(GROWTH_KILOBYTES);
    assertThat(Lab.edge(Callers.TOKEN, Callers.bearer(Lab.token("orders"))).status())
        .isEqualTo(200);
  }

  /** Past the edge, which lets nobody write these headers: from the node itself. */
  @Test
  void intakeRefusesCallersThatNobodyIsWithoutAFault() throws IOException {
    Lab.awaitNewPods("intake");
    var intake = List.of("--namespace=openfaas-fn", "exec", "deployment/intake");
    fuzz(inTheNode(), WARM_UP, seed, address(), "8080", "");
    var kilobytes = kilobytes(intake);

    var counts = fuzz(inTheNode(), REQUESTS, seed + WARM_UP, address(), "8080", "");

    assertNoFault(counts);
    assertThat(kilobytes(intake) - kilobytes).as("kilobytes").isLessThan(GROWTH_KILOBYTES);
    assertThat(Lab.postOrder("fuzz-" + UUID.randomUUID()).status()).isEqualTo(202);
  }

  private void assertNoFault(Map<String, Integer> counts) {
    assertThat(counts.values().stream().mapToInt(Integer::intValue).sum())
        .as("seed %d: %s", seed, counts)
        .isEqualTo(REQUESTS);
    assertThat(counts.keySet())
        .as("seed %d: %s", seed, counts)
        .allMatch(status -> status.matches("[234][0-9][0-9]|none"));
    assertThat(before.changedUntil(Workloads.read())).isEmpty();
  }

  /** How often each status came. */
  private static Map<String, Integer> fuzz(
      List<String> where, int count, long seed, String address, String port, String authority) {
    var command = new ArrayList<>(where);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            CallerFuzz.class.getName(),
            address,
            port,
            authority,
            Integer.toString(count),
            Long.toString(seed),
            Lab.token("orders", "lifetime=1h"),
            Callers.apiKey("partner-a"),
            Callers.SUBJECTS.get("orders")));
    return Load.counts(Lab.run(command.toArray(String[]::new)).ok());
  }

  /** In the network of the VPS, and with the files of this machine. */
  private static List<String> inTheNode() throws IOException {
    var init = Files.readString(Lab.STATE.resolve("vps/lab-1/init")).split(" ")[0];
    return List.of("nsenter", "--target", init, "--net");
  }

  private static String address() {
    return Lab.kubectl(
        "--namespace=openfaas-fn",
        "get",
        "pods",
        "--selector=app.kubernetes.io/name=intake",
        "--output=jsonpath={.items[0].status.podIP}");
  }

  /** What the first process of a container occupies. */
  private static long kilobytes(List<String> exec) {
    var command = new ArrayList<>(exec);
    command.addAll(List.of("--", "cat", "/proc/1/status"));
    return Lab.kubectl(command.toArray(String[]::new))
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
