package dev.nordfaas.config.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.exceptions.RunException;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Cpu;
import dev.nordfaas.config.ResourcesConfig;
import dev.nordfaas.config.ResourcesConfig.Limits;
import dev.nordfaas.config.ResourcesConfig.Requests;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.testing.Fixtures;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

  @ParameterizedTest
  @ValueSource(strings = {"oslo", "bergen"})
  void loadsWholeStack(String stack) {
    var config = Fixtures.config(stack);

    assertThat(config.datacenter().name()).isEqualTo(stack);
    assertThat(config.functions()).containsOnlyKeys("order-processor", "order-status");
  }

  @Test
  void loadsStackWithLittleMoreThanWhatIsRequired() {
    var config = Fixtures.config("small");

    assertThat(config.datacenter().name()).isEqualTo("small");
    assertThat(config.functions()).containsOnlyKeys("quotes");
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.config.check.BadConfigs#all")
  void refusesBadConfigWithExactMessage(BadConfigs.Case bad) {
    assertThatExceptionOfType(InvalidStackConfigException.class)
        .isThrownBy(() -> ConfigLoader.load(StackFile.parse("oslo", bad.yaml()), Rules::check))
        .withMessage(bad.message("oslo"));
  }

  @Test
  void isShownByPulumiWithoutStackTrace() {
    assertThatThrownBy(() -> ConfigLoader.load(source("oslo", Map.of("k3s", "{}"))))
        .isInstanceOf(RunException.class)
        .hasMessage(
            """
            Stack 'oslo' is not valid (1 problem):
              nordfaas:k3s.version: is missing; add it, for example v1.35.4+k3s1
            Fix Pulumi.oslo.yaml, then run `pulumi preview --stack oslo` again.\
            """);
  }

  @Test
  void fillsInDefaults() {
    var config = ConfigLoader.load(Fixtures.source("oslo"));

    assertThat(config.ssh().user()).isEqualTo("nordfaas");
    assertThat(config.ssh().perDialTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(config.ssh().privateKey()).isEmpty();
    assertThat(config.nats().storage().storageClass()).isEqualTo("local-path");
    assertThat(config.k3s().etcdSnapshots().scheduleCron()).isEqualTo("0 */6 * * *");
    assertThat(config.functions().get("order-status").environment()).isEmpty();
  }

  @Test
  void addsWhatIsGivenToDefaultObject() {
    var edge = "{\"acmeEmail\":\"a@b\",\"resources\":{\"requests\":{\"cpu\":2}}}";

    var config = ConfigLoader.load(source("oslo", Map.of("edge", edge)));

    assertThat(config.edge().resources())
        .isEqualTo(
            new ResourcesConfig(
                new Requests(Cpu.parse("2"), ByteSize.parse("128Mi")),
                new Limits(Optional.empty(), ByteSize.parse("256Mi"))));
  }

  /** As the Pulumi CLI passes them: what a program does must not depend on who reads the file. */
  @Test
  void sortsMapsAndProtectsThem() {
    var sysctls = "\"sysctls\":{\"net.b\":\"1\",\"net.a\":\"2\"}";
    var host =
        Fixtures.source("oslo").sections().get("host").replaceFirst("}$", "," + sysctls + "}");

    var config = ConfigLoader.load(source("oslo", Map.of("host", host)));

    assertThat(config.host().sysctls())
        .containsExactly(Map.entry("net.a", "2"), Map.entry("net.b", "1"));
    assertThatThrownBy(() -> config.host().sysctls().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> config.host().authorizedKeys().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void takesWholeNumbersOfTextsByTheirDigits() {
    var yaml =
        BadConfigs.oslo(
            """
            set:
              nordfaas:host.sysctls: {net.core.somaxconn: 16384, kernel.perf_event_paranoid: -1}
              nordfaas:nodes.oslo-1.sysctls: {net.core.somaxconn: 8192}
              nordfaas:nodes.oslo-1.labels: {rack: 7}
              nordfaas:functions.order-status.environment: {BIG: 9007199254740993, ZERO: 0}
            """);

    var config = ConfigLoader.load(StackFile.parse("oslo", yaml), Rules::check).config();

    assertThat(config.host().sysctls())
        .containsOnly(
            Map.entry("net.core.somaxconn", "16384"),
            Map.entry("kernel.perf_event_paranoid", "-1"));
    assertThat(config.nodes().get("oslo-1").sysctls()).containsEntry("net.core.somaxconn", "8192");
    assertThat(config.nodes().get("oslo-1").labels()).containsEntry("rack", "7");
    assertThat(config.functions().get("order-status").environment())
        .containsOnly(Map.entry("BIG", "9007199254740993"), Map.entry("ZERO", "0"));
  }

  @Test
  void bindsEncryptedValueAsSecret() {
    var config =
        ConfigLoader.load(source("oslo", Map.of("ssh", "{\"privateKey\":\"hunter2\"}"), "ssh"));

    assertThat(config.ssh().privateKey().orElseThrow()).hasToString("[secret]");
  }

  @Test
  void quotesNoValueOfSectionWithSecrets() {
    var ssh =
        "{\"privateKey\":\"hunter2\",\"user\":\"Hunter2\",\"port\":\"hunter2\","
            + "\"perDialTimeout\":31337,\"dialErrorLimit\":31337,\"bastion\":\"hunter2\"}";

    assertThatThrownBy(() -> ConfigLoader.load(source("oslo", Map.of("ssh", ssh), "ssh")))
        .hasMessageContaining("nordfaas:ssh.user: the value is not valid; use a Linux user name")
        .hasMessageContaining("nordfaas:ssh.port: is a string, not a whole number; ")
        .hasMessageContaining(
            "nordfaas:ssh.perDialTimeout: the value has no unit; write it with s, m or h")
        .hasMessageContaining("nordfaas:ssh.dialErrorLimit: the value is out of range; ")
        .hasMessageContaining("nordfaas:ssh.bastion: is a string, not an object; ")
        .hasMessageNotContainingAny("hunter2", "Hunter2", "31337");
  }

  @Test
  void refusesEncryptedValueThatWouldNotStaySecret() {
    var functions = "{\"f\":{\"image\":\"f:1\",\"environment\":{\"TOKEN\":\"hunter2\"}}}";

    assertThatThrownBy(
            () -> ConfigLoader.load(source("oslo", Map.of("functions", functions), "functions")))
        .hasMessageContaining(
            "nordfaas:functions: has an encrypted value, but no secret: the value would be in plain"
                + " text in the state; encrypt only what docs/stack-config.md calls a"
                + " secret")
        .hasMessageContaining("(1 problem)");
  }

  @Test
  void runsRulesOnConfigWithMalformedKeys() {
    var checked = new AtomicBoolean();

    assertThatThrownBy(
            () ->
                ConfigLoader.load(
                    source("oslo", Map.of("k3s", "[]")),
                    (config, problems) -> checked.getAndSet(true)))
        .isInstanceOf(InvalidStackConfigException.class);

    assertThat(checked).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"k3s", "k3s.rotation", "k3s.rotation.token"})
  void dropsRuleProblemAtAboveOrBelowMalformedKey(String path) {
    var k3s = "{\"version\": \"v1.34.4+k3s1\", \"rotation\": 7}";
    ConfigLoader.Check<StackConfig> check =
        (config, problems) -> {
          problems.add(KeyPath.of(path.split("\\.")), "follows", "wait");
          return config;
        };

    assertThatThrownBy(() -> ConfigLoader.load(source("oslo", Map.of("k3s", k3s)), check))
        .hasMessageContaining("(1 problem)");
  }

  @Test
  void refusesRuleThatNamesAKeyThatThereIsNot() {
    assertThatThrownBy(
            () ->
                ConfigLoader.load(
                    Fixtures.source("oslo"),
                    (config, problems) -> {
                      problems.add(KeyPath.of("edge", "replicas"), "is wrong", "correct it");
                      return config;
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("nordfaas:edge.replicas is not a key of the stack config");
  }

  @Test
  void dropsRuleProblemDerivedFromMalformedKey() {
    ConfigLoader.Check<StackConfig> check =
        (config, problems) -> {
          problems.add(KeyPath.of("nats"), "follows", "wait", KeyPath.of("k3s", "version"));
          return config;
        };

    assertThatThrownBy(() -> ConfigLoader.load(source("oslo", Map.of("k3s", "{}")), check))
        .hasMessageContaining("(1 problem)");
  }

  @Test
  void bindsWhateverIsMissing() {
    var nothing = new ConfigSource("oslo", Map.of(), Set.of());

    assertThatThrownBy(() -> ConfigLoader.load(nothing, Rules::check))
        .hasMessageStartingWith("Stack 'oslo' is not valid (11 problems):")
        .hasMessageContaining("nordfaas:nodes: is empty; add at least one");
  }

  private static ConfigSource source(
      String stack, Map<String, String> replaced, String... secretSections) {
    var source = Fixtures.source(stack);
    var sections = new LinkedHashMap<>(source.sections());
    sections.putAll(replaced);
    var secret = new HashSet<>(source.secretSections());
    secret.removeAll(replaced.keySet());
    secret.addAll(Set.of(secretSections));
    return new ConfigSource(stack, sections, secret);
  }
}
