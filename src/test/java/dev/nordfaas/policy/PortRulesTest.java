package dev.nordfaas.policy;

import static dev.nordfaas.config.check.RuleCheck.problems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortRulesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          80    | the edge
          443   | the edge
          2379  | etcd (2379-2382)
          2380  | etcd (2379-2382)
          6443  | the Kubernetes API
          6444  | K3s, behind the port of the Kubernetes API
          8472  | flannel, between the nodes
          10010 | containerd
          10250 | kubelet, kube-proxy, scheduler and controller-manager (10248-10259)
          30022 | Kubernetes' node ports (30000-32767)
          """)
  void refusesAPortOfTheHostForSshd(int port, String owner) {
    assertThat(problems(new PortRule(), "set: {nordfaas:ssh.port: %d}".formatted(port)))
        .containsExactly(
            "ssh.port: %d is taken on every node by %s; use a free port, such as 22"
                .formatted(port, owner));
  }

  /** Pods have networks of their own. */
  @ParameterizedTest
  @ValueSource(ints = {22, 2222, 4222, 5432, 6432, 8080, 29999, 32768, 51820})
  void allowsAnyOtherPortForSshd(int port) {
    assertThat(problems(new PortRule(), "set: {nordfaas:ssh.port: %d}".formatted(port))).isEmpty();
  }

  @Test
  void knowsThePortOfWireGuardWhereItIsUsed() {
    assertThat(
            problems(
                new PortRule(),
                "set: {nordfaas:ssh.port: 51820, nordfaas:k3s.flannelBackend: wireguard-native}"))
        .containsExactly(
            "ssh.port: 51820 is taken on every node by flannel, between the nodes; use a free port, such as 22");
  }

  /** The bastion is no node. */
  @Test
  void allowsAnyPortOfTheBastion() {
    assertThat(
            problems(
                new PortRule(),
                "set: {nordfaas:ssh.bastion: {host: bastion.example.no, port: 443, hostKey: ssh-ed25519"
                    + " AAAAC3NzaC1lZDI1NTE5AAAAIOp7EA6KzoVcvqT5n862lMahNNeNMDzOq8pLRV80/nhD}}"))
        .isEmpty();
  }

  @Test
  void refusesThePortOfTheExporterForPgBouncer() {
    assertThat(problems(new PortRule(), "set: {nordfaas:postgres.pooler.port: 9127}"))
        .containsExactly(
            "postgres.pooler.port: 9127 is taken in the same pod by the exporter of PgBouncer's metrics; use a free port, such as 6432");
  }

  @Test
  void allowsThePortOfAnExporterThatIsNotThere() {
    assertThat(
            problems(
                new PortRule(),
                "{set: {nordfaas:postgres.pooler.port: 9127}, remove: [nordfaas:postgres.pooler.exporterImage]}"))
        .isEmpty();
  }

  @Test
  void allowsThePortOfPostgresInAnotherPod() {
    assertThat(problems(new PortRule(), "set: {nordfaas:postgres.pooler.port: 5432}")).isEmpty();
  }

  @Test
  void refusesThePortOfCallsForMetrics() {
    assertThat(problems(new PortRule(), "set: {nordfaas:functions.order-status.metricsPort: 8080}"))
        .containsExactly(
            "functions.order-status.metricsPort: 8080 is taken in the same pod by the function's calls, and callers could read the metrics; use a free port, such as 8081");
  }

  @Test
  void allowsAnyOtherPortForMetrics() {
    assertThat(problems(new PortRule(), "set: {nordfaas:functions.order-status.metricsPort: 9127}"))
        .isEmpty();
  }
}
