package dev.nordfaas.components;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.TestOptions;
import com.pulumi.test.internal.PulumiTestInternal;
import dev.nordfaas.config.FunctionConfig.DatabaseAccess;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.postgres.MigrationFolder;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.GoldenManifests;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.PodSpecs;
import dev.nordfaas.testing.PostgresConfigs;
import dev.nordfaas.testing.RecordingMocks;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PooledPostgresTest {
  private static final String STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
  private static final String DEPLOYMENT = "kubernetes:apps/v1:Deployment";
  private static final String JOB = "kubernetes:batch/v1:Job";
  private static final String CONTAINERS = "spec.template.spec.containers";
  private static final String SCRAPE = "prometheus.io/scrape";
  private static final Map<String, DatabaseAccess> ROLES =
      Map.of(
          "order-processor",
          PostgresConfigs.access("orders", 1),
          "order-status",
          PostgresConfigs.access("orders", 1));

  private final RecordingMocks mocks = new RecordingMocks();

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @Test
  void singleVpsHasOnePoolerNextToPostgres() {
    create(Fixtures.oslo().postgres(), ROLES, false, mocks);

    GoldenManifests.assertManifestsMatch("postgres/oslo/manifests", mocks.kubernetesObjects());
  }

  /** Kubernetes looks at every container, those that run before the others too. */
  @Test
  void everyContainerOfPostgresRequestsItsLimits() {
    create(Fixtures.oslo().postgres(), ROLES, false, mocks);

    assertThat(mocks.ofType(STATEFUL_SET).stream().flatMap(PodSpecs::containersOf))
        .hasSize(3)
        .extracting(it -> (Map<?, ?>) it.container().get("resources"))
        .allSatisfy(
            resources -> {
              var requests = (Map<?, ?>) resources.get("requests");
              var limits = (Map<?, ?>) resources.get("limits");
              // What Kubernetes calls Guaranteed; its disk does not count.
              for (var resource : List.of("cpu", "memory")) {
                assertThat(requests.get(resource)).isNotNull().isEqualTo(limits.get(resource));
              }
            });
  }

  @Test
  void podsHaveNoExporterWithoutItsImage() {
    create(withoutExporters(), ROLES, false, mocks);

    assertThat(Manifests.at(mocks.one(STATEFUL_SET, "postgres-server"), CONTAINERS))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(1);
    assertThat(Manifests.at(mocks.one(DEPLOYMENT, "postgres-pooler"), CONTAINERS))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(1);
    assertThat(annotations(mocks, STATEFUL_SET, "server").containsKey(SCRAPE)).isFalse();
    assertThat(annotations(mocks, DEPLOYMENT, "pooler").containsKey(SCRAPE)).isFalse();
  }

  @Test
  void nobodyMayReadMetricsWhereThereAreNone() {
    create(withoutExporters(), ROLES, false, mocks);

    assertThat(mocks.ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy"))
        .extracting(policy -> policy.inputs().toString())
        .noneMatch(policy -> policy.contains(Labels.METRICS_CLIENT));
  }

  @Test
  void theTwoExportersHavePasswordsOfTheirOwn() {
    create(Fixtures.oslo().postgres(), ROLES, false, mocks);

    assertThat(password("postgres-exporter")).isEqualTo("stdout-of-postgres-metrics-password");
    assertThat(password("postgres-pooler-exporter"))
        .isEqualTo("stdout-of-postgres-pooler-metrics-password");
  }

  @Test
  void threeNodesHaveAClusterUnderTheOperator() {
    create(Fixtures.bergen().postgres(), ROLES, false, mocks);

    GoldenManifests.assertManifestsMatch(
        "postgres/bergen/manifests", List.of("postgres/oslo/manifests"), mocks.kubernetesObjects());
  }

  @Test
  void twoPoolersHaveADisruptionBudget() {
    create(
        PatchedConfig.of("oslo", "set: {nordfaas:postgres.pooler.replicas: 2}").postgres(),
        ROLES,
        false,
        mocks);

    assertThat(mocks.ofType("kubernetes:policy/v1:PodDisruptionBudget"))
        .singleElement()
        .satisfies(
            budget -> assertThat(Manifests.at(budget, "spec.maxUnavailable")).hasToString("1"));
  }

  @Test
  void previewsBeforeThePasswordsExist() {
    var postgres = create(Fixtures.oslo().postgres(), ROLES, true, mocks);

    assertThat(mocks.ofType(STATEFUL_SET)).hasSize(1);
    assertThat(postgres.poolerDsn()).containsOnlyKeys(ROLES.keySet());
  }

  @Test
  void functionsGetASecretConnectionStringOfThePooler() {
    var dsn = create(Fixtures.oslo().postgres(), ROLES, false, mocks).poolerDsn();

    assertThat(dsn).containsOnlyKeys("order-processor", "order-status");
    assertThat(isSecret(dsn.get("order-status"))).isTrue();
    assertThat(PulumiTest.extractValue(dsn.get("order-status")))
        .isEqualTo(
            "postgresql://order_status:stdout-of-postgres-role-order-status-password@pgbouncer.postgres.svc.cluster.local:6432/orders?sslmode=verify-full&sslrootcert=/etc/nordfaas/database/ca.crt");
  }

  @Test
  void newPasswordIsOfTheOtherRole() {
    var roles = Map.of("order-status", PostgresConfigs.access("orders", 2));

    var dsn = create(Fixtures.oslo().postgres(), roles, false, mocks).poolerDsn();

    assertThat(PulumiTest.extractValue(dsn.get("order-status")))
        .startsWith("postgresql://order_status_2:");
    assertThat(
            mocks
                .one("command:local:Command", "postgres-role-order-status-password")
                .inputs()
                .get("triggers"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .containsExactly(2L);
  }

  @Test
  void handsThePasswordsOverAsSecretsOnly() {
    create(Fixtures.oslo().postgres(), ROLES, false, mocks);

    assertThat(mocks.kubernetesObjects())
        .filteredOn(object -> object.inputs().toString().contains("stdout-of-"))
        .extracting(RecordingMocks.Registered::name)
        .containsExactly(
            "postgres-backup",
            "postgres-exporter",
            "postgres-migrator-passwords",
            "postgres-pooler-auth",
            "postgres-pooler-exporter",
            "postgres-role-passwords",
            "postgres-superuser");
  }

  @Test
  void isReadyWithoutAnyFunction() {
    var postgres = create(Fixtures.oslo().postgres(), Map.of(), false, mocks);

    assertThat(PulumiTest.extractValue(postgres.ready())).isTrue();
    assertThat(postgres.poolerDsn()).isEmpty();
  }

  @Test
  void anotherFunctionRunsTheJobAgainAndLeavesTheServerAlone() {
    create(
        Fixtures.oslo().postgres(),
        Map.of("order-status", PostgresConfigs.access("orders", 1)),
        false,
        mocks);
    PulumiTest.cleanup();
    var more = new RecordingMocks();
    create(Fixtures.oslo().postgres(), ROLES, false, more);

    assertThat(annotations(more, JOB, "roles")).isNotEqualTo(annotations(mocks, JOB, "roles"));
    assertThat(annotations(more, STATEFUL_SET, "server"))
        .isEqualTo(annotations(mocks, STATEFUL_SET, "server"));
  }

  @Test
  void restartsTheServerWhenItsSettingsChange() {
    create(PostgresConfigs.withMemory("4Gi", 100), ROLES, false, mocks);
    PulumiTest.cleanup();
    var more = new RecordingMocks();
    create(PostgresConfigs.withMemory("4Gi", 200), ROLES, false, more);

    assertThat(annotations(more, STATEFUL_SET, "server"))
        .isNotEqualTo(annotations(mocks, STATEFUL_SET, "server"));
    assertThat(annotations(more, DEPLOYMENT, "pooler"))
        .isEqualTo(annotations(mocks, DEPLOYMENT, "pooler"));
  }

  @Test
  void refusesToBuildWithoutConfig() {
    assertThatThrownBy(() -> PooledPostgresArgs.builder().build())
        .hasMessage("PooledPostgres needs config");
  }

  @Test
  void refusesADatabaseThatIsNotInTheConfig() {
    var args =
        PooledPostgresArgs.builder()
            .config(Fixtures.oslo().postgres())
            .roles(Map.of("mailer", PostgresConfigs.access("mail", 1)));

    assertThatThrownBy(args::build)
        .hasMessage(
            "PooledPostgresArgs: function 'mailer' uses database 'mail', which is not in the config");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"postgres", "pgbouncer", "metrics", "orders-owner", "orders-writer", "pg-monitor"})
  void refusesAFunctionWithTheNameOfAnotherRole(String function) {
    var args =
        PooledPostgresArgs.builder()
            .config(Fixtures.oslo().postgres())
            .roles(Map.of(function, PostgresConfigs.access("orders", 1)));

    assertThatThrownBy(args::build)
        .hasMessageStartingWith(
            "PooledPostgresArgs: function '%s' cannot use a database under this name"
                .formatted(function));
  }

  @Test
  void refusesADatabaseWhoseRolesWouldHaveTooLongNames() {
    var args = PooledPostgresArgs.builder().config(withDatabase("d".repeat(55)));

    assertThatThrownBy(args::build).hasMessageContaining("at most 54 characters");
  }

  private static PostgresConfig withDatabase(String name) {
    var config = Fixtures.oslo().postgres();
    return new PostgresConfig(
        config.image(),
        config.exporterImage(),
        config.highAvailability(),
        config.operator(),
        config.storage(),
        config.resources(),
        config.maxConnections(),
        config.scramIterations(),
        Map.of(name, Objects.requireNonNull(config.databases().get("orders"))),
        config.dropDatabases(),
        config.pooler(),
        config.backup());
  }

  private static PooledPostgres create(
      PostgresConfig config,
      Map<String, DatabaseAccess> roles,
      boolean preview,
      RecordingMocks mocks) {
    var postgres = new AtomicReference<PooledPostgres>();
    PulumiTest.withMocks(mocks)
        .withOptions(TestOptions.builder().preview(preview).build())
        .runTest(
            context ->
                postgres.set(
                    new PooledPostgres(
                        "postgres",
                        PooledPostgresArgs.builder()
                            .config(config)
                            .roles(roles)
                            .migrations(MigrationFolder.readAll(config))
                            .build(),
                        ComponentResourceOptions.Empty)))
        .throwOnError();
    return postgres.get();
  }

  private static Map<?, ?> annotations(RecordingMocks mocks, String type, String suffix) {
    var spec = (Map<?, ?>) mocks.one(type, "postgres-" + suffix).inputs().get("spec");
    var metadata = (Map<?, ?>) ((Map<?, ?>) spec.get("template")).get("metadata");
    return (Map<?, ?>) metadata.get("annotations");
  }

  private Object password(String secret) {
    return Manifests.at(mocks.one("kubernetes:core/v1:Secret", secret), "stringData.password");
  }

  private static PostgresConfig withoutExporters() {
    return PatchedConfig.of(
            "oslo",
            "remove: [nordfaas:postgres.exporterImage, nordfaas:postgres.pooler.exporterImage]")
        .postgres();
  }

  private static boolean isSecret(Output<?> output) {
    return PulumiTestInternal.extractOutputData(output).isSecret();
  }
}
