package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

class K3sConfigFileTest {
  /** The two lists that let a tuned pod start have to name what the pod has. */
  @Test
  void allowsWhatATunedPodAsksFor() {
    var topology = Topology.of(Fixtures.oslo().nodes(), Fixtures.oslo().host(), Optional.empty());
    var files = K3sFiles.of(Fixtures.oslo().k3s(), topology, topology.firstServer());

    assertThat(files)
        .anySatisfy(
            file -> {
              assertThat(file.path()).isEqualTo(K3sConfigFile.PATH);
              assertThat(file.content())
                  .contains("\"allowed-unsafe-sysctls=" + PodTuning.SOMAXCONN + "\"")
                  .contains("\"admission-control-config-file=/etc/rancher/k3s/pod-security.yaml\"");
            })
        .anySatisfy(
            file -> {
              assertThat(file.path()).isEqualTo("/etc/rancher/k3s/pod-security.yaml");
              assertThat(file.content())
                  .contains("runtimeClasses: [" + PodTuning.RUNTIME_CLASS + "]")
                  .contains("enforce: restricted");
            });
  }

  @Test
  void describesTheOneServerOfOslo() {
    Golden.assertMatches("k3s/oslo-1/config.yaml", render(Fixtures.oslo(), 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void describesTheNodesOfBergen(int index) {
    Golden.assertMatches(
        "k3s/bergen-%d/config.yaml".formatted(index + 1), render(Fixtures.bergen(), index));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void anAgentHasNoKeyThatOnlyServersKnow(int index) {
    assertThat(parse(render(Fixtures.bergen(), index)))
        .containsOnlyKeys(
            "node-name",
            "node-ip",
            "node-external-ip",
            "server",
            "token-file",
            "protect-kernel-defaults",
            "kubelet-arg");
  }

  /** Whoever has the servers' token gets the cluster's keys (source: /v1-k3s/server-bootstrap). */
  @Test
  void aServerKnowsTheTokenThatAgentsJoinWith() {
    for (var index : List.of(0, 1, 2)) {
      assertThat(parse(render(Fixtures.bergen(), index)))
          .containsEntry("token-file", "/etc/rancher/k3s/token")
          .containsEntry("agent-token-file", "/etc/rancher/k3s/agent-token");
    }
  }

  @Test
  void k3sLeavesTheConntrackSysctlsOfTheConfigAlone() {
    var config =
        PatchedConfig.of(
            "bergen",
            """
            set:
              nordfaas:host.sysctls: {net.netfilter.nf_conntrack_max: 1048576}
              nordfaas:nodes.bergen-4.sysctls:
                net.netfilter.nf_conntrack_tcp_timeout_established: 3600
                net.netfilter.nf_conntrack_tcp_timeout_close_wait: 60
              nordfaas:k3s.extraConfig: {kube-proxy-arg: [v=4]}
            """);

    assertThat(parse(render(config, 0)))
        .containsEntry("kube-proxy-arg", List.of("conntrack-max-per-core=0", "v=4"));
    assertThat(parse(render(config, 3)))
        .containsEntry(
            "kube-proxy-arg",
            List.of(
                "conntrack-max-per-core=0",
                "conntrack-tcp-timeout-close-wait=0s",
                "conntrack-tcp-timeout-established=0s",
                "v=4"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 5})
  void describesTheNodesOfFiveServersAndAnAgent(int index) {
    Golden.assertMatches(
        "k3s/five-servers-%d/config.yaml".formatted(index + 1), render(fiveServers(), index));
  }

  @Test
  void everyKeyIsOneOfK3s() {
    var config =
        PatchedConfig.of(
            "bergen",
            """
            set:
              nordfaas:k3s.maxPods: 500
              nordfaas:k3s.registries: {docker.io: {endpoints: ["https://m.example.no"], country: "NO"}}
              nordfaas:k3s.etcdSnapshots.s3:
                endpoint: s3.example.no
                country: "NO"
                bucket: backup
                accessKey: {secure: x}
                secretKey: {secure: x}
            """);

    assertThat(parse(render(config, 0)).keySet())
        .contains("etcd-s3-config-secret", "kube-controller-manager-arg")
        .allMatch(K3sKeys::isOfServers);
    assertThat(parse(render(config, 4)).keySet())
        .contains("disable-default-registry-endpoint")
        .allMatch(K3sKeys::isOfAgents);
  }

  @Test
  void tellsTheOtherNodesThePrivateAddressOfAServer() {
    assertThat(parse(render(Fixtures.bergen(), 1)))
        .containsEntry("advertise-address", "10.20.0.12")
        .containsEntry("node-external-ip", "203.0.113.12");
  }

  @Test
  void onlyTheSecretSaysWhereSnapshotsGo() {
    var config =
        PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:k3s.etcdSnapshots.s3:
                endpoint: s3.example.no
                country: "NO"
                bucket: backup
                accessKey: {secure: x}
                secretKey: {secure: x}
            """);

    assertThat(parse(render(config, 0)))
        .containsEntry("etcd-s3", true)
        .containsEntry("etcd-s3-config-secret", "k3s-etcd-snapshot-s3-config");
    assertThat(render(config, 0).lines().filter(line -> line.startsWith("etcd-s3"))).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"110, 24", "250, 24", "251, 23", "506, 23", "507, 22", "1000, 22"})
  void aNodeHasAFewAddressesMoreThanPods(int maxPods, int mask) {
    assertThat(K3sConfigFile.nodeMask(maxPods)).isEqualTo(mask);
  }

  @Test
  void manyPodsNeedALargerNetworkOnEachNode() {
    var config = PatchedConfig.of("oslo", "set: {nordfaas:k3s.maxPods: 300}");

    assertThat(parse(render(config, 0)))
        .containsEntry("kube-controller-manager-arg", List.of("node-cidr-mask-size=23"));
  }

  @Test
  void extraKeysAddToOurs() {
    var config =
        PatchedConfig.of(
            "bergen",
            """
            set:
              nordfaas:k3s.extraConfig:
                kubelet-arg: [image-gc-high-threshold=70]
                cluster-dns: ["10.43.0.53"]
                disable: [servicelb]
                debug: ["true"]
                disable-apiserver-lb: ["true"]
            """);

    var server = parse(render(config, 0));
    assertThat(server)
        .containsEntry("cluster-dns", List.of("10.43.0.53"))
        .containsEntry("disable", List.of("traefik", "servicelb"))
        .containsKey("debug")
        .doesNotContainKey("disable-apiserver-lb");
    assertThat(server.get("kubelet-arg").toString())
        .contains("max-pods=110", "image-gc-high-threshold=70");
    assertThat(parse(render(config, 3)))
        .containsKeys("kubelet-arg", "debug", "disable-apiserver-lb")
        .doesNotContainKeys("cluster-dns", "disable");
  }

  @ParameterizedTest
  @CsvSource({
    "nordfaas:k3s.flannelBackend: wireguard-native",
    "nordfaas:nodes.bergen-4.privateAddress: 198.51.100.14",
  })
  void serversKnowTheBackendThatEncrypts(String entry) {
    var config = PatchedConfig.of("bergen", "set: {%s}".formatted(entry));

    for (var index : List.of(0, 1, 2)) {
      assertThat(parse(render(config, index))).containsEntry("flannel-backend", "wireguard-native");
    }
    assertThat(parse(render(config, 3))).doesNotContainKey("flannel-backend");
  }

  /** It is K3s' own default: a cluster that has it needs no restart. */
  @Test
  void theBackendOfPrivateNetworksIsNotNamed() {
    assertThat(parse(render(Fixtures.bergen(), 0))).doesNotContainKey("flannel-backend");
    assertThat(parse(render(Fixtures.oslo(), 0))).doesNotContainKey("flannel-backend");
  }

  private static StackConfig fiveServers() {
    return PatchedConfig.of(
        "bergen",
        """
        set:
          nordfaas:nodes.bergen-4.role: server
          nordfaas:nodes.bergen-5.role: server
          nordfaas:nodes.bergen-6:
            role: agent
            address: 203.0.113.16
            privateAddress: 10.20.0.16
            hostKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOp7EA6KzoVcvqT5n862lMahNNeNMDzOq8pLRV80/nhD
            vcpu: 4
            memory: 16Gi
            disk: 200G
        """);
  }

  @Test
  void theModeOfTheKubeconfigIsText() {
    assertThat(parse(render(Fixtures.oslo(), 0))).containsEntry("write-kubeconfig-mode", "0600");
  }

  private static String render(StackConfig config, int index) {
    var topology = Topology.of(config.nodes(), config.host(), config.k3s().firstServer());
    return K3sConfigFile.render(config.k3s(), topology, topology.members().get(index));
  }

  @SuppressWarnings("unchecked") // YAML objects have string keys.
  private static Map<String, Object> parse(String yaml) {
    return new YAMLMapper().readValue(yaml, Map.class);
  }
}
