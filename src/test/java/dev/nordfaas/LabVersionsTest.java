package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Versions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code lab/versions.env} says which versions the lab has; all that names one agrees. */
class LabVersionsTest {
  private static final Path LAB = Path.of("lab");

  @ParameterizedTest
  @CsvSource({
    "KUBERNETES_VERSION, kubernetes, k8s.io/kubernetes",
    "COREDNS_VERSION, addons, github.com/coredns/coredns",
    "LOCAL_PATH_VERSION, addons, github.com/rancher/local-path-provisioner",
    "METRICS_SERVER_VERSION, addons, sigs.k8s.io/metrics-server",
    "NATS_VERSION, nats, github.com/nats-io/nats-server/v2",
    "NATSCLI_VERSION, nats, github.com/nats-io/natscli",
    "POSTGRES_EXPORTER_VERSION, postgres-exporter, github.com/prometheus-community/postgres_exporter",
    "PGBOUNCER_EXPORTER_VERSION, pgbouncer-exporter, github.com/prometheus-community/pgbouncer_exporter",
    "CADDY_VERSION, caddy, github.com/caddyserver/caddy/v2",
    "CLOUDNATIVE_PG_VERSION, cloudnative-pg, github.com/cloudnative-pg/cloudnative-pg",
    "VERSITYGW_VERSION, versitygw, github.com/versity/versitygw"
  })
  void moduleIsBuiltFromItsVersion(String variable, String folder, String module)
      throws IOException {
    assertThat(LAB.resolve(folder).resolve("go.mod"))
        .content()
        .containsPattern("(?m)^(require |\\t)\\Q%s v%s\\E$".formatted(module, version(variable)));
  }

  @ParameterizedTest
  @CsvSource({
    "NATS_VERSION, nats",
    "NATSCLI_VERSION, natscli",
    "POSTGRES_EXPORTER_VERSION, postgres-exporter",
    "PGBOUNCER_VERSION, pgbouncer",
    "PGBOUNCER_EXPORTER_VERSION, pgbouncer-exporter",
    "GATEWAY_TAG, gateway",
    "PROVIDER_VERSION, lab-provider",
    "ECHO_VERSION, lab-echo",
    "PROMETHEUS_VERSION, prometheus",
    "CADDY_VERSION, caddy",
    "FUNCTIONS_VERSION, queue-worker",
    "FUNCTIONS_VERSION, order-processor"
  })
  void stackUsesTheImageThatTheLabBuilds(String variable, String image) throws IOException {
    assertThat(Files.readAllLines(Path.of("Pulumi.lab.yaml")))
        .filteredOn(line -> line.contains("lab.nordfaas.dev/" + image + ":"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).endsWith(image + ":" + version(variable)));
  }

  private static String version(String variable) throws IOException {
    return Versions.of(LAB, variable);
  }
}
