package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.test.PulumiTest;
import dev.nordfaas.Platform;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.RecordingMocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MigrationsJobTest {
  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  /** A migration may run any program, which reads the environment. */
  @Test
  void migrationsOfADatabaseSeeNoPasswordButTheirOwn() {
    var mocks = new RecordingMocks();
    var config =
        PatchedConfig.of(
            "oslo",
            "set: {nordfaas:postgres.databases.mail: {migrations: functions/order-processor/migrations}}");
    PulumiTest.withMocks(mocks)
        .runTest(context -> Platform.define(Plan.of(config)).outputs().forEach(context::export))
        .throwOnError();

    var pod = "spec.template.spec.";
    var job = mocks.one("kubernetes:batch/v1:Job", "postgres-migrations");
    var containers = new ArrayList<Object>((List<?>) Manifests.at(job, pod + "initContainers"));
    containers.addAll((List<?>) Manifests.at(job, pod + "containers"));

    assertThat(containers).hasSize(2);
    assertThat(containers.get(0).toString())
        .contains("PASSWORD_MAIL_MIGRATOR")
        .doesNotContain("PASSWORD_ORDERS");
    assertThat(containers.get(1).toString())
        .contains("PASSWORD_ORDERS_MIGRATOR")
        .doesNotContain("PASSWORD_MAIL");
    assertThat(containers).allMatch(it -> !((Map<?, ?>) it).containsKey("envFrom"));
  }
}
