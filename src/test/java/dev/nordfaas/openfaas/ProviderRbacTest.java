package dev.nordfaas.openfaas;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.kubernetes.rbac.v1.Role;
import com.pulumi.kubernetes.rbac.v1.RoleArgs;
import com.pulumi.test.PulumiTest;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.testing.Manifests;
import dev.nordfaas.testing.RecordingMocks;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProviderRbacTest {
  private final RecordingMocks mocks = new RecordingMocks();

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @ParameterizedTest
  @EnumSource(Edition.class)
  void onlyReads(Edition edition) {
    assertThat(rules(ProviderRbac.role(edition)).flatMap(rule -> texts(rule, "verbs")))
        .containsOnly("get", "list", "watch");
  }

  @ParameterizedTest
  @EnumSource(Edition.class)
  void namesEveryGroupAndResource(Edition edition) {
    assertThat(
            rules(ProviderRbac.role(edition))
                .flatMap(rule -> Stream.concat(texts(rule, "apiGroups"), texts(rule, "resources"))))
        .doesNotContain("*");
  }

  @ParameterizedTest
  @EnumSource(Edition.class)
  void seesNoSecretNoConfigAndNoNamespace(Edition edition) {
    assertThat(rules(ProviderRbac.role(edition)).flatMap(rule -> texts(rule, "resources")))
        .doesNotContain("secrets", "configmaps", "namespaces", "services");
  }

  @Test
  void takesLogsWithGetAlone() {
    assertThat(
            rules(ProviderRbac.role(Edition.COMMUNITY))
                .filter(rule -> texts(rule, "resources").anyMatch("pods/log"::equals))
                .flatMap(rule -> texts(rule, "verbs")))
        .containsExactly("get");
  }

  @Test
  void isOneRoleInTheFunctionsNamespace() {
    rules(ProviderRbac.role(Edition.STANDARD));

    assertThat(Manifests.at(role(), "metadata.namespace")).isEqualTo("openfaas-fn");
  }

  @Test
  void readsProfilesInTheGatewaysNamespaceAlone() {
    assertThat(rules(ProviderRbac.profilesRole()).flatMap(rule -> texts(rule, "resources")))
        .containsExactly("profiles");
    assertThat(Manifests.at(role(), "metadata.namespace")).isEqualTo("openfaas");
  }

  private RecordingMocks.Registered role() {
    return mocks.one("kubernetes:rbac.authorization.k8s.io/v1:Role", "role");
  }

  private Stream<Map<?, ?>> rules(RoleArgs args) {
    PulumiTest.withMocks(mocks).runTest(context -> new Role("role", args)).throwOnError();
    return ((List<?>) Manifests.at(role(), "rules")).stream().map(rule -> (Map<?, ?>) rule);
  }

  private static Stream<String> texts(Map<?, ?> rule, String key) {
    return ((List<?>) rule.get(key)).stream().map(String::valueOf);
  }
}
