package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

class KubeconfigTest {
  private static final String OF_K3S =
      """
      apiVersion: v1
      clusters:
      - cluster:
          certificate-authority-data: Y2E=
          server: https://127.0.0.1:6443
        name: default
      contexts:
      - context:
          cluster: default
          user: default
        name: default
      current-context: default
      kind: Config
      preferences: {}
      users:
      - name: default
        user:
          client-certificate-data: Y2VydA==
          client-key-data: c2VjcmV0
      """;

  @Test
  void changesTheServerAndNothingElse() {
    var yaml = new YAMLMapper();

    var result = Kubeconfig.withServer(OF_K3S, "https://192.0.2.10:6443");

    assertThat(yaml.readTree(result))
        .isEqualTo(yaml.readTree(OF_K3S.replace("127.0.0.1", "192.0.2.10")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "clusters: []", "clusters: [{name: a}]", "a: {c2VjcmV0"})
  void refusesWhatIsNoKubeconfigWithoutQuotingIt(String text) {
    assertThatThrownBy(() -> Kubeconfig.withServer(text, "https://192.0.2.10:6443"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "/etc/rancher/k3s/k3s.yaml of the first server is no kubeconfig with one cluster")
        .hasNoCause();
  }
}
