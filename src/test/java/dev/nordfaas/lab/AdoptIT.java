package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A cluster with objects that no state knows, as somebody would have made them by hand: the state
 * forgets the platform's gateway and metrics, {@code tools/adopt} finds them, an import takes them,
 * and the next {@code up} changes what was changed meanwhile. Nothing is created again.
 */
@EndToEnd
@Tag("lab-faults")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AdoptIT {
  private static final String FORGOTTEN = "::openfaas-";
  private static final String LABEL = "made-by";

  /** What the report says of Jobs. */
  private static final String DELETE = "  kubectl delete job ";

  @TempDir private static Path folder;
  private static String uid;

  @AfterAll
  static void bringTheStateBack() {
    Lab.run("lab/deploy").ok();
  }

  private static List<String> urns(String part) throws IOException {
    return Lab.state()
        .at("/checkpoint/latest/resources")
        .valueStream()
        .map(resource -> resource.path("urn").asString(""))
        .filter(urn -> urn.contains("$kubernetes:") && urn.contains(part))
        .collect(Collectors.toList());
  }

  private static String gatewayUid() {
    return Lab.kubectl(
        "--namespace=openfaas",
        "get",
        "deployment",
        "gateway",
        "--output=jsonpath={.metadata.uid}");
  }

  @Test
  @Order(1)
  void theStateForgetsWhatTheClusterHas() throws IOException {
    uid = gatewayUid();
    Lab.kubectl("--namespace=openfaas", "label", "deployment", "gateway", LABEL + "=hand");
    for (var left = urns(FORGOTTEN); !left.isEmpty(); left = urns(FORGOTTEN)) {
      Lab.stack(
              "state delete",
              left.get(left.size() - 1),
              "--yes",
              "--force",
              "--target-dependents",
              "--color=never")
          .ok();
    }

    assertThat(urns(FORGOTTEN)).isEmpty();
  }

  @Test
  @Order(2)
  void adoptFindsIt() throws IOException {
    var report = Lab.stack("adopt");

    assertThat(report.output())
        .contains("can be imported (")
        .contains("  Deployment openfaas/gateway\n")
        .contains("  Namespace openfaas\n")
        .endsWith("Nothing was written or changed.\n");
  }

  @Test
  @Order(3)
  void anImportTakesIt() throws IOException {
    var file = folder.resolve("adopt.json");
    Lab.stack("adopt", "--write", file.toString())
        .output()
        .lines()
        .filter(line -> line.startsWith(DELETE))
        .map(line -> line.substring("  kubectl ".length()).split(" "))
        .forEach(Lab::kubectl);
    JsonNode resources = new JsonMapper().readTree(Files.readString(file)).path("resources");
    assertThat(resources).isNotEmpty();

    Lab.stack(
            "import",
            "--file",
            file.toString(),
            "--protect=false",
            "--generate-code=false",
            "--yes",
            "--skip-preview",
            "--color=never")
        .ok();

    assertThat(urns("::openfaas-gateway")).isNotEmpty();
  }

  @Test
  @Order(4)
  void upChangesItAndCreatesNothingAgain() throws IOException {
    Lab.run("lab/deploy").ok();

    assertThat(gatewayUid()).isEqualTo(uid);
    var id = "adopted-" + UUID.randomUUID();
    Lab.postOrder(id);
    Lab.eventually(
        () -> Lab.sql("select count(*) from orders where order_id = '" + id + "'"),
        List.of("1")::equals);
    Lab.kubectl("--namespace=openfaas", "label", "deployment", "gateway", LABEL + "-");
  }
}
