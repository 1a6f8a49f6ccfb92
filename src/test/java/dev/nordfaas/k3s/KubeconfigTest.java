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

  @Test
  void makesOneForATokenOfTheSameCluster() {
    var result = new YAMLMapper().readTree(Kubeconfig.forToken(OF_K3S, "nordfaas-reader", "t0k3n"));

    assertThat(result)
        .isEqualTo(
            new YAMLMapper()
                .readTree(
                    """
                    apiVersion: v1
                    kind: Config
                    clusters:
                    - name: default
                      cluster: {certificate-authority-data: Y2E=, server: "https://127.0.0.1:6443"}
                    users:
                    - name: nordfaas-reader
                      user: {token: t0k3n}
                    contexts:
                    - name: nordfaas-reader
                      context: {cluster: default, user: nordfaas-reader}
                    current-context: nordfaas-reader
                    """));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "apiVersion: v1", "a: {c2VjcmV0"})
  void makesNoneWithoutACurrentCluster(String text) {
    assertThatThrownBy(() -> Kubeconfig.forToken(text, "nordfaas-reader", "t0k3n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the cluster's kubeconfig has no current-context with a cluster")
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "clusters: []", "clusters: [{name: a}]", "a: {c2VjcmV0"})
  void refusesWhatIsNoKubeconfigWithoutQuotingIt(String text) {
    assertThatThrownBy(() -> Kubeconfig.withServer(text, "https://192.0.2.10:6443"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "/etc/rancher/k3s/k3s.yaml of the first server is not a kubeconfig with one cluster")
        .hasNoCause();
  }
}
