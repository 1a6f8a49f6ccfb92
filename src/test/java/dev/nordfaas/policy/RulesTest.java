package dev.nordfaas.policy;

import static dev.nordfaas.config.check.RuleCheck.problems;
import static dev.nordfaas.config.check.RuleCheck.warnings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the table of bad configs does not show: the other branches, and what is allowed. */
class RulesTest {
  private static final String NODE =
      "hostKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOp7EA6KzoVcvqT5n862lMahNNeNMDzOq8pLRV80/nhD,"
          + " vcpu: 8, memory: 32Gi, disk: 400G, monthlyPriceNok: 1890";

  @Nested
  class Password {
    private static final String DATABASE = "nordfaas:functions.order-status.database.";

    @Test
    void allowsTheNextPassword() {
      assertThat(problems(new PasswordRule(), "set: {%spasswordVersion: 2}".formatted(DATABASE)))
          .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"59s", "721h"})
    void refusesOverlap(String overlap) {
      assertThat(
              problems(
                  new PasswordRule(), "set: {%spasswordOverlap: %s}".formatted(DATABASE, overlap)))
          .containsExactly(
              "functions.order-status.database.passwordOverlap: %s is out of range; use 1m to 30d"
                  .formatted(overlap));
    }

    @Test
    void refusesOverlapThatARolloutMayOutlast() {
      assertThat(
              problems(
                  new PasswordRule(),
                  "set: {%1$spasswordVersion: 2, %1$spasswordOverlap: 5m}".formatted(DATABASE)))
          .containsExactly(
              "functions.order-status.database.passwordOverlap: 5m may end before the pods with the new password are ready, which may take rolloutTimeout 5m; choose a longer one");
    }

    @Test
    void refusesDayThatIsNotThere() {
      assertThat(
              problems(
                  new PasswordRule(),
                  "set: {%svalidUntil: '2027-02-31T00:00:00Z'}".formatted(DATABASE)))
          .containsExactly(
              "functions.order-status.database.validUntil: 2027-02-31T00:00:00Z is not a valid date and time; use one that exists");
    }
  }

  @Nested
  class Topology {
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void allowsOddNumberOfServers(int servers) {
      assertThat(problems(new TopologyRule(), "set: {%s}".formatted(nodes(servers)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 6, 7})
    void refusesOtherNumberOfServers(int servers) {
      assertThat(problems(new TopologyRule(), "set: {%s}".formatted(nodes(servers))))
          .containsExactly(
              "nodes: %d servers cannot form an etcd quorum; use 1, 3 or 5 servers"
                  .formatted(servers));
    }

    @Test
    void allowsAServerAsTheFirst() {
      assertThat(
              problems(
                  new TopologyRule(),
                  "set: {%s, nordfaas:k3s.firstServer: oslo-3}".formatted(nodes(3))))
          .isEmpty();
    }

    @Test
    void refusesAFirstServerThatThereIsNot() {
      assertThat(
              problems(
                  new TopologyRule(),
                  "set: {%s, nordfaas:k3s.firstServer: oslo-7}".formatted(nodes(3))))
          .containsExactly(
              "k3s.firstServer: there is no server \"oslo-7\"; use oslo-1 or oslo-2 or oslo-3");
    }

    @Test
    void refusesFourNatsReplicas() {
      assertThat(problems(new TopologyRule(), "set: {nordfaas:nats.replicas: 4}"))
          .containsExactly("nats.replicas: 4 cannot form a JetStream quorum; use 1, 3 or 5");
    }

    @Test
    void refusesTwoCopies() {
      assertThat(problems(new TopologyRule(), "set: {nordfaas:nats.streams.orders.replicas: 2}"))
          .containsExactly("nats.streams.orders.replicas: 2 cannot form a quorum; use 1, 3 or 5");
    }

    @Test
    void countsNoServersOfExistingCluster() {
      var patch =
          "set: {nordfaas:nodes.oslo-1.role: agent, nordfaas:k3s.existing: {kubeconfig: {secure: x}}}";

      assertThat(problems(new TopologyRule(), patch)).isEmpty();
    }
  }

  @Nested
  class Away {
    private String away(int servers, int away) {
      return "set: {%s, %s}"
          .formatted(
              nodes(servers),
              IntStream.rangeClosed(1, away)
                  .mapToObj("nordfaas:nodes.oslo-%d.away: true"::formatted)
                  .collect(Collectors.joining(", ")));
    }

    @ParameterizedTest
    @CsvSource({"3, 1", "5, 2"})
    void allowsWhatLeavesMostServers(int servers, int away) {
      assertThat(problems(new AwayRule(), away(servers, away))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2", "5, 3"})
    void refusesWhatStopsEtcd(int servers, int away) {
      assertThat(problems(new AwayRule(), away(servers, away)))
          .containsExactly(
              "nodes: %d of %d servers are away, and without most of them etcd stands still; bring one back; if none comes back, restore a snapshot (docs/runbook.md)"
                  .formatted(away, servers));
    }

    @Test
    void allowsAnyAgents() {
      assertThat(
              problems(
                  new AwayRule(),
                  "set: {%s, nordfaas:nodes.oslo-2.role: agent, nordfaas:nodes.oslo-2.away: true}"
                      .formatted(nodes(2))))
          .isEmpty();
    }

    @Test
    void warnsOfEachAsLongAsItLasts() {
      assertThat(warnings(new AwayRule(), away(3, 1)))
          .containsExactly(
              "nodes.oslo-1.away: oslo-1 stays as it is, and what changes there waits; once it is back, remove this and run up");
    }

    @Test
    void saysNothingOfAClusterWhoseNodesAreNotTouched() {
      var patch =
          "set: {nordfaas:nodes.oslo-1.away: true, nordfaas:k3s.existing: {kubeconfig: {secure: x}}}";

      assertThat(problems(new AwayRule(), patch)).isEmpty();
      assertThat(warnings(new AwayRule(), patch)).isEmpty();
    }
  }

  @Nested
  class Address {
    @Test
    void allowsOneNodeTheSameAddressTwice() {
      assertThat(
              problems(
                  new AddressRule(), "set: {nordfaas:nodes.oslo-1.privateAddress: 192.0.2.10}"))
          .isEmpty();
    }

    @Test
    void refusesPrivateAddressOfAnotherNode() {
      var patch =
          "set: {'nordfaas:nodes.oslo-2': {address: 192.0.2.11, privateAddress: 192.0.2.10, %s}}"
              .formatted(NODE);

      assertThat(problems(new AddressRule(), patch))
          .containsExactly(
              "nodes.oslo-2.privateAddress: 192.0.2.10 is already the address of node oslo-1; give each node its own addresses");
    }

    @Test
    void refusesNameForPrivateAddressAmongNodes() {
      assertThat(
              problems(
                  new AddressRule(),
                  "set: {%s, nordfaas:nodes.oslo-2.privateAddress: node-2}".formatted(nodes(3))))
          .containsExactly(
              "nodes.oslo-2.privateAddress: node-2 is a name, but the other nodes need an IP address; use one");
    }

    @Test
    void allowsNameForPublicAddressBesidePrivateOne() {
      var patch =
          "set: {%s, nordfaas:nodes.oslo-2.address: node-2, nordfaas:nodes.oslo-2.privateAddress: '2001:db8::2'}";

      assertThat(problems(new AddressRule(), patch.formatted(nodes(3)))).isEmpty();
    }

    @Test
    void allowsNameForOnlyNode() {
      assertThat(problems(new AddressRule(), "set: {nordfaas:nodes.oslo-1.address: node-1}"))
          .isEmpty();
    }

    @Test
    void allowsNamesOnExistingCluster() {
      var patch =
          "set: {%s, nordfaas:nodes.oslo-2.address: node-2, nordfaas:k3s.existing: {kubeconfig: {secure: x}}}";

      assertThat(problems(new AddressRule(), patch.formatted(nodes(3)))).isEmpty();
    }

    @Test
    void refusesServiceNetworkWithNode() {
      assertThat(problems(new AddressRule(), "set: {nordfaas:k3s.serviceCidr: 192.0.2.0/24}"))
          .containsExactly(
              "k3s.serviceCidr: 192.0.2.0/24 contains the address 192.0.2.10 of node oslo-1; choose a network that contains no node addresses");
    }
  }

  @Nested
  class PodNetwork {
    @Test
    void allowsWhatItsNodesNeed() {
      var patch = "set: {nordfaas:k3s.clusterCidr: 10.42.0.0/23, nordfaas:k3s.maxPods: 500}";

      assertThat(problems(new PodNetworkRule(), patch)).isEmpty();
    }

    @Test
    void countsTheNodes() {
      var patch = "set: {nordfaas:k3s.clusterCidr: 10.42.0.0/23, %s}".formatted(nodes(3));

      assertThat(problems(new PodNetworkRule(), patch))
          .containsExactly(
              "k3s.clusterCidr: 10.42.0.0/23 has room for 2 networks of /24, which 110 pods per node"
                  + " need, but there are 3 nodes; use a larger network, such as a /16, or lower"
                  + " maxPods");
    }
  }

  @Nested
  class K3sKey {
    @Test
    void allowsWhatAddsToOurs() {
      var patch =
          "set: {nordfaas:k3s.extraConfig: {kubelet-arg: [v=4], nonroot-devices: ['true'],"
              + " disable: [servicelb]}}";

      assertThat(problems(new K3sKeyRule(), patch)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
      "v1.29.4+k3s1, 'k3s.registries: K3s v1.29.4+k3s1 may not have disable-default-registry-endpoint; set k3s.version to v1.30 or later'",
      "v1.30.0+k3s1, ",
    })
    void knowsSinceWhenMirrorsMayBeAlone(String version, String problem) {
      var patch =
          "set: {nordfaas:k3s.version: %s, nordfaas:k3s.registries: {docker.io: {endpoints: [\"https://m.example.no\"], country: \"NO\"}}}"
              .formatted(version);

      assertThat(problems(new K3sKeyRule(), patch))
          .isEqualTo(problem == null ? List.of() : List.of(problem));
    }

    @Test
    void knowsSinceWhenASecretMaySayWhereSnapshotsGo() {
      var patch =
          "set: {nordfaas:k3s.version: v1.29.4+k3s1, nordfaas:k3s.etcdSnapshots.s3: {endpoint: s3.example.no, country: \"NO\", bucket: backup, accessKey: {secure: x}, secretKey: {secure: x}}}";

      assertThat(problems(new K3sKeyRule(), patch))
          .containsExactly(
              "k3s.etcdSnapshots.s3: K3s v1.29.4+k3s1 may not have etcd-s3-config-secret; set"
                  + " k3s.version to v1.31 or later");
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd-snapshot-reconcile-interval", "disable-apiserver-lb"})
    void allowsKeysOfToday(String key) {
      assertThat(problems(new K3sKeyRule(), extra("%s: [x]".formatted(key)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"etcd-s3-retention", "etcd-s3-session-token", "etcd-s3-bucket-lookup-type"})
    void refusesEveryOtherKeyOfTheStore(String key) {
      assertThat(problems(new K3sKeyRule(), extra("%s: [x]".formatted(key))))
          .containsExactly(
              "k3s.extraConfig.%s: cannot be set here; use k3s.etcdSnapshots.s3".formatted(key));
    }

    /** A server of v1.34.4+k3s1 was seen to warn of them only, and an agent not to start. */
    @ParameterizedTest
    @CsvSource({
      "cluster-secret, 25, remove it: nordfaas generates the token",
      "disable-selinux, 26, use selinux",
      "multi-cluster-cidr, 29, remove it: Kubernetes no longer supports it",
      "no-deploy, 25, use disable",
      "no-flannel, 25, remove it: nordfaas relies on flannel",
    })
    void saysWhatReplacedAKeyThatIsGone(String key, int since, String fix) {
      assertThat(problems(new K3sKeyRule(), extra("%s: [x]".formatted(key))))
          .containsExactly(
              "k3s.extraConfig.%s: was removed in v1.%d: a server only warns, and an agent does not start; %s"
                  .formatted(key, since, fix));
    }

    @ParameterizedTest
    @CsvSource({
      "conntrack-max-per-core=0, net.netfilter.nf_conntrack_max",
      "conntrack-tcp-timeout-established=1h, net.netfilter.nf_conntrack_tcp_timeout_established",
      "conntrack-tcp-timeout-close-wait=1h, net.netfilter.nf_conntrack_tcp_timeout_close_wait",
    })
    void leavesConntrackToTheSysctls(String flag, String sysctl) {
      assertThat(problems(new K3sKeyRule(), extra("kube-proxy-arg: ['%s']".formatted(flag))))
          .containsExactly(
              "k3s.extraConfig.kube-proxy-arg: %s cannot be set here; use host.sysctls: %s"
                  .formatted(flag, sysctl));
    }

    private static String extra(String entry) {
      return "set: {nordfaas:k3s.extraConfig: {%s}}".formatted(entry);
    }

    private static final String WHO = "would change who is let in, and what they may do; remove it";
    private static final String ADMISSION =
        "would change what pods, nodes and users are held to; remove it";
    private static final String OPEN = "would open a door that has no lock; remove it";
    private static final String AUDIT = "would change what the audit log records; remove it";
    private static final String SECRETS = "would change how Secrets are encrypted; remove it";
    private static final String TLS = "would change how connections are encrypted; remove it";
    private static final String UNSEEN =
        "would load settings or pods that no check has seen; remove it";
    private static final String LIMITS =
        "would lift limits that keep a pod from taking the whole node; remove it";
    private static final String PARTS = "would switch parts of Kubernetes on or off; remove it";

    @ParameterizedTest
    @CsvSource({
      "kube-apiserver-arg, authorization-mode=AlwaysAllow, WHO",
      "kube-apiserver-arg, authorization-config=/etc/x.yaml, WHO",
      "kube-apiserver-arg, anonymous-auth=true, WHO",
      "kube-apiserver-arg, anonymous-auth, WHO",
      "kube-apiserver-arg, authentication-config=/etc/x.yaml, WHO",
      "kube-apiserver-arg, token-auth-file=/etc/x, WHO",
      "kube-apiserver-arg, client-ca-file=/etc/x, WHO",
      "kube-apiserver-arg, requestheader-allowed-names=x, WHO",
      "kube-apiserver-arg, service-account-key-file=/etc/x, WHO",
      "kube-apiserver-arg, enable-admission-plugins=AlwaysAdmit, ADMISSION",
      "kube-apiserver-arg, disable-admission-plugins=NodeRestriction, ADMISSION",
      "kube-apiserver-arg, allow-privileged=true, ADMISSION",
      "kube-apiserver-arg, insecure-port=8080, OPEN",
      "kube-apiserver-arg, bind-address=0.0.0.0, OPEN",
      "kube-apiserver-arg, profiling=true, OPEN",
      "kube-apiserver-arg, audit-webhook-config-file=/etc/x, AUDIT",
      "kube-apiserver-arg, encryption-provider-config=/etc/x, SECRETS",
      "kube-apiserver-arg, tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA, TLS",
      "kube-apiserver-arg, tls-min-version=VersionTLS10, TLS",
      "kube-apiserver-arg, feature-gates=X=true, PARTS",
      "kube-apiserver-arg, runtime-config=api/all=true, PARTS",
      "kubelet-arg, anonymous-auth=true, WHO",
      "kubelet-arg, authorization-mode=AlwaysAllow, WHO",
      "kubelet-arg, authentication-token-webhook=false, WHO",
      "kubelet-arg, client-ca-file=/etc/x, WHO",
      "kubelet-arg, read-only-port=10255, OPEN",
      "kubelet-arg, healthz-bind-address=0.0.0.0, OPEN",
      "kubelet-arg, config=/etc/x.yaml, UNSEEN",
      "kubelet-arg, config-dir=/etc/x, UNSEEN",
      "kubelet-arg, pod-manifest-path=/etc/x, UNSEEN",
      "kubelet-arg, manifest-url=http://x, UNSEEN",
      "kubelet-arg, protect-kernel-defaults=false, LIMITS",
      "kubelet-arg, seccomp-default=false, LIMITS",
      "kubelet-arg, cpu-cfs-quota=false, LIMITS",
      "kubelet-arg, cgroups-per-qos=false, LIMITS",
      "kubelet-arg, enforce-node-allocatable=none, LIMITS",
      "kubelet-arg, tls-min-version=VersionTLS11, TLS",
      "kube-controller-manager-arg, use-service-account-credentials=false, WHO",
      "kube-controller-manager-arg, authorization-always-allow-paths=/*, WHO",
      "kube-controller-manager-arg, cluster-signing-duration=876000h, WHO",
      "kube-controller-manager-arg, bind-address=0.0.0.0, OPEN",
      "kube-controller-manager-arg, controllers=-x, PARTS",
      "kube-scheduler-arg, authentication-skip-lookup=true, WHO",
      "kube-scheduler-arg, config=/etc/x.yaml, UNSEEN",
      "kube-scheduler-arg, bind-address=0.0.0.0, OPEN",
      "kube-cloud-controller-manager-arg, bind-address=0.0.0.0, OPEN",
      "kube-proxy-arg, metrics-bind-address=0.0.0.0, OPEN",
      "kube-proxy-arg, config=/etc/x.yaml, UNSEEN",
      "etcd-arg, client-cert-auth=false, WHO",
      "etcd-arg, listen-client-http-urls=http://0.0.0.0:2382, OPEN",
      "etcd-arg, listen-metrics-urls=http://0.0.0.0:2381, OPEN",
      "etcd-arg, cipher-suites=TLS_RSA_WITH_RC4_128_SHA, TLS",
    })
    void refusesFlagsThatWeakenTheCluster(String key, String flag, String kind)
        throws ReflectiveOperationException {
      var reason = K3sKey.class.getDeclaredField(kind).get(null);

      assertThat(problems(new K3sKeyRule(), extra("%s: ['%s']".formatted(key, flag))))
          .containsExactly("k3s.extraConfig.%s: %s %s".formatted(key, flag, reason));
    }

    /**
     * K3s takes one {@code --} away and lets a name end in {@code +} or {@code -} (source:
     * pkg/util/args.go, GetArgs); the components take an underscore for a hyphen.
     */
    @ParameterizedTest
    @ValueSource(
        strings = {
          "anonymous-auth=true",
          "--anonymous-auth=true",
          "-anonymous-auth=true",
          "----anonymous-auth=true",
          "anonymous-auth+=true",
          "anonymous-auth-=true",
          "anonymous-auth-+-=true",
          "anonymous_auth=true",
          "--anonymous_auth",
          " anonymous-auth = true",
          "Anonymous-Auth=true",
          "ANONYMOUS_AUTH=TRUE",
        })
    void refusesThemHoweverTheyAreWritten(String flag) {
      for (var key : List.of("kubelet-arg", "kube-apiserver-arg")) {
        assertThat(problems(new K3sKeyRule(), extra("%s: [v=4, '%s']".formatted(key, flag))))
            .containsExactly("k3s.extraConfig.%s: %s %s".formatted(key, flag, WHO));
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"max_pods=9", "max-pods+=9", " --max-pods=9", "MAX-PODS=9"})
    void refusesItsOwnFlagsHoweverTheyAreWritten(String flag) {
      assertThat(problems(new K3sKeyRule(), extra("kubelet-arg: ['%s']".formatted(flag))))
          .containsExactly(
              "k3s.extraConfig.kubelet-arg: %s cannot be set here; use k3s.maxPods"
                  .formatted(flag));
    }

    @Test
    void namesEachOfSeveral() {
      assertThat(
              problems(
                  new K3sKeyRule(),
                  extra(
                      "kubelet-arg: [anonymous-auth=true, v=4, read-only-port=1, anonymous-auth=true]")))
          .containsExactly(
              "k3s.extraConfig.kubelet-arg: anonymous-auth=true " + WHO,
              "k3s.extraConfig.kubelet-arg: read-only-port=1 " + OPEN,
              "k3s.extraConfig.kubelet-arg: anonymous-auth=true " + WHO);
    }

    /** What is not known to be harmless is refused: the next release has flags of its own. */
    @ParameterizedTest
    @CsvSource({
      "kubelet-arg, image-gc-hihg-threshold=70, did you mean image-gc-high-threshold?",
      "kube-apiserver-arg, some-flag-of-tomorrow=x, remove it; docs/k3s.md#flags-of-components lists the flags that may be set",
      "kube-scheduler-arg, another-one, remove it; docs/k3s.md#flags-of-components lists the flags that may be set",
    })
    void refusesFlagsThatItDoesNotKnow(String key, String flag, String fix) {
      assertThat(problems(new K3sKeyRule(), extra("%s: ['%s']".formatted(key, flag))))
          .containsExactly(
              "k3s.extraConfig.%s: %s is not among the flags that nordfaas knows to be harmless; %s"
                  .formatted(key, flag, fix));
    }

    @ParameterizedTest
    @CsvSource({
      "kubelet-arg, image-gc-high-threshold=70",
      "kubelet-arg, 'eviction-hard=memory.available<5%,nodefs.available<10%'",
      "kubelet-arg, seccomp-default=true",
      "kubelet-arg, tls-min-version=VersionTLS13",
      "kubelet-arg, --event-qps=0",
      "kubelet-arg, cpu-manager-policy=static",
      "kube-apiserver-arg, v=4",
      "kube-apiserver-arg, max-requests-inflight=800",
      "kube-apiserver-arg, oidc-issuer-url=https://id.example.no",
      "kube-controller-manager-arg, node-monitor-grace-period=20s",
      "kube-scheduler-arg, kube-api-qps=100",
      "kube-proxy-arg, iptables-min-sync-period=1s",
      "kube-cloud-controller-manager-arg, v=2",
      "etcd-arg, quota-backend-bytes=4294967296",
    })
    void allowsFlagsThatWeakenNothing(String key, String flag) {
      assertThat(problems(new K3sKeyRule(), extra("%s: ['%s']".formatted(key, flag)))).isEmpty();
    }

    /** client-go logs bodies from level 8 on. */
    @ParameterizedTest
    @CsvSource({
      "kubelet-arg, v=8",
      "kubelet-arg, v=10",
      "kubelet-arg, v=many",
      "kube-apiserver-arg, 'vmodule=x=2,round_trippers=9'",
      "v, 9",
      "vmodule, round_trippers=8",
    })
    void refusesLogsWithSecretsInThem(String key, String value) {
      assertThat(problems(new K3sKeyRule(), extra("%s: ['%s']".formatted(key, value))))
          .containsExactly(
              "k3s.extraConfig.%s: %s may write whole requests into the node's log, Secrets among them; use a level from 0 to 7"
                  .formatted(key, value));
    }

    @ParameterizedTest
    @CsvSource({
      "disable-network-policy, 'would let every pod reach every other one, the database and NATS included; remove it'",
      "disable-kube-proxy, 'would leave out a part of K3s that nordfaas relies on; remove it'",
      "disable-cloud-controller, 'would leave out a part of K3s that nordfaas relies on; remove it'",
      "disable-apiserver, 'would leave out a part of K3s that nordfaas relies on; remove it'",
      "disable-helm-controller, 'would leave out a part of K3s that nordfaas relies on; remove it'",
      "etcd-expose-metrics, 'would show etcd''s metrics to every pod, without TLS or a login; remove it'",
      "enable-pprof, 'would let clients profile K3s; remove it'",
      "tls-san-security, 'would let clients add names to the API server''s certificate; remove it'",
      "flannel-external-ip, 'would send the pods'' traffic over the nodes'' public addresses; use nodes.<name>.privateAddress'",
      "flannel-conf, 'would replace the pods'' network, which the firewall knows; use k3s.flannelBackend'",
      "flannel-cni-conf, 'would replace the pods'' network, which the firewall knows; use k3s.flannelBackend'",
      "vpn-auth-file, 'would replace the pods'' network, which the firewall knows; use k3s.flannelBackend'",
      "docker, 'would replace K3s'' own container runtime, which nordfaas relies on; remove it'",
      "container-runtime-endpoint, 'would replace K3s'' own container runtime, which nordfaas relies on; remove it'",
      "image-service-endpoint, 'would replace K3s'' own container runtime, which nordfaas relies on; remove it'",
    })
    void refusesKeysThatWeakenTheCluster(String key, String problem) {
      assertThat(problems(new K3sKeyRule(), extra("%s: [x]".formatted(key))))
          .containsExactly("k3s.extraConfig.%s: %s".formatted(key, problem));
    }

    @Test
    void refusesTheBackendThatHasAKeyOfItsOwn() {
      assertThat(problems(new K3sKeyRule(), extra("flannel-backend: [wireguard-native]")))
          .containsExactly(
              "k3s.extraConfig.flannel-backend: cannot be set here; use k3s.flannelBackend");
    }

    @Test
    void asksForAValue() {
      assertThat(problems(new K3sKeyRule(), "set: {nordfaas:k3s.extraConfig: {disable: []}}"))
          .containsExactly("k3s.extraConfig.disable: has no value; give it one or remove it");
    }
  }

  @Nested
  class Flannel {
    private static final String VXLAN = "nordfaas:k3s.flannelBackend: vxlan";

    @Test
    void mayBeUnencryptedInAPrivateNetwork() {
      assertThat(problems(new FlannelRule(), "bergen", "set: {%s}".formatted(VXLAN))).isEmpty();
      assertThat(problems(new FlannelRule(), "set: {%s}".formatted(VXLAN))).isEmpty();
    }

    @Test
    void isNotUnencryptedToNodesAtPublicAddresses() {
      var patch =
          """
          set:
            %s
            nordfaas:nodes.bergen-5.privateAddress: 198.51.100.15
          remove: [nordfaas:nodes.bergen-4.privateAddress]
          """
              .formatted(VXLAN);

      assertThat(problems(new FlannelRule(), "bergen", patch))
          .containsExactly(
              "k3s.flannelBackend: vxlan would carry the traffic between pods unencrypted to nodes at public addresses: bergen-4 (203.0.113.14), bergen-5 (198.51.100.15); remove it or use wireguard-native; or give every node a privateAddress in a private network");
    }

    @Test
    void isEncryptedUnlessTheConfigSaysOtherwise() {
      var patch = "set: {nordfaas:nodes.bergen-5.privateAddress: 198.51.100.15}";

      assertThat(problems(new FlannelRule(), "bergen", patch)).isEmpty();
    }
  }

  @Nested
  class AirGap {
    private static final String SUM = "0123456789abcdef".repeat(4);

    @Test
    void allowsFilesWithAChecksum(@TempDir Path folder) throws IOException {
      var binary = Files.createFile(folder.resolve("k3s-arm64"));
      var images = Files.createFile(folder.resolve("images.tar.gz"));
      var patch =
          "set: {nordfaas:k3s.sha256: {arm64: '%s'}, nordfaas:k3s.airGap: {binary: %s, images: %s}}"
              .formatted(SUM, binary, images);

      assertThat(problems(new AirGapRule(), patch)).isEmpty();
    }

    @Test
    void isForOurInstallerOnly() {
      var patch =
          "set: {nordfaas:k3s.installer: /opt/install, nordfaas:k3s.sha256: {amd64: '%s'}, nordfaas:k3s.airGap: {binary: pom.xml, images: a.tar}}"
              .formatted(SUM);

      assertThat(problems(new AirGapRule(), patch))
          .contains(
              "k3s.airGap: only works with nordfaas' own installer; remove it or k3s.installer");
    }
  }

  @Nested
  class Snapshots {
    private static final String KEY = "nordfaas:k3s.etcdSnapshots.scheduleCron";

    @ParameterizedTest
    @ValueSource(strings = {"0 */6 * * *", "15 3 * * MON-FRI", "0 3 1 JAN *"})
    void allowsSchedulesThatK3sTakes(String schedule) {
      assertThat(problems(new SnapshotRule(), schedule(schedule))).isEmpty();
    }

    /** K3s v1.34.4+k3s1 was seen to drop them without a word, and to take no snapshot. */
    @ParameterizedTest
    @CsvSource({
      "0 3 * * 7, 'the day of the week \"7\" is not one of 0 (Sunday) to 6 or sun to sat'",
      "61 99 * * *, 'the hour \"99\" is not one of 0 to 23'",
    })
    void refusesSchedulesThatK3sDrops(String schedule, String reason) {
      assertThat(problems(new SnapshotRule(), schedule(schedule)))
          .singleElement()
          .asString()
          .startsWith(
              "k3s.etcdSnapshots.scheduleCron: \"%s\" is not a schedule: ".formatted(schedule))
          .contains(reason)
          .endsWith(
              "; write minute, hour, day of the month, month and day of the week, such as \"30 2 * * *\"");
    }

    private static String schedule(String schedule) {
      return "set: {%s: '%s'}".formatted(KEY, schedule);
    }
  }

  @Nested
  class NodeLabel {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "nordfaas.dev/disk",
          "rack",
          "topology.kubernetes.io/zone",
          "node.kubernetes.io/instance-type",
          "node.kubernetes.io/of-ours",
          "sub.node.kubernetes.io/of-ours",
          "notkubernetes.io/role"
        })
    void allowsWhatTheKubeletTakes(String label) {
      assertThat(problems(new NodeLabelRule(), label(label))).isEmpty();
    }

    /** As the kubelet checks {@code --node-labels} (Kubernetes, cmd/kubelet/app/options). */
    @ParameterizedTest
    @ValueSource(
        strings = {
          "node-role.kubernetes.io/worker",
          "kubernetes.io/role",
          "node-restriction.kubernetes.io/x",
          "k8s.io/x",
          "x.k8s.io/y"
        })
    void refusesWhatKeepsTheKubeletFromStarting(String label) {
      assertThat(problems(new NodeLabelRule(), label(label)))
          .containsExactly(
              "nodes.oslo-1.labels[\"%s\"]: the kubelet does not start with it: from kubernetes.io and k8s.io it only accepts labels such as topology.kubernetes.io/zone and those of node.kubernetes.io; use your own prefix, such as example.no/role"
                  .formatted(label));
    }

    private static String label(String label) {
      return "set: {nordfaas:nodes.oslo-1.labels: {%s: x}}".formatted(label);
    }
  }

  @Nested
  class Residency {
    @Test
    void allowsStoresInTheCountry() {
      var patch =
          "set: {nordfaas:k3s.etcdSnapshots: {tokenPassphrase: {secure: x}, s3: {endpoint: \"s3.example.no:9000\", country: \"NO\", bucket: backup, accessKey: {secure: x}, secretKey: {secure: x}}}}";

      assertThat(problems(new ResidencyRule(), patch)).isEmpty();
      assertThat(problems(new SnapshotRule(), patch)).isEmpty();
    }

    @Test
    void isNotFooledByPortOrCase() {
      var patch =
          "set: {nordfaas:k3s.etcdSnapshots.s3: {endpoint: \"S3.AmazonAWS.com:443\", country: \"NO\", bucket: backup, accessKey: {secure: x}, secretKey: {secure: x}}}";

      assertThat(problems(new ResidencyRule(), patch)).hasSize(1);
    }
  }

  @Nested
  class Backup {
    private static final String STORE =
        "{endpoint: %s, cidrs: [198.51.100.0/24], country: \"%s\", bucket: backup, accessKey: {secure: x}, secretKey: {secure: x}}";

    @Test
    void needsOneRepository() {
      assertThat(problems(new BackupRule(), "set: {nordfaas:postgres.backup: {repository: {}}}"))
          .containsExactly(
              "postgres.backup.repository: has neither s3 nor volume; choose one of them");
      assertThat(
              problems(
                  new BackupRule(),
                  "set: {nordfaas:postgres.backup.repository.s3: %s}"
                      .formatted(STORE.formatted("s3.example.no", "NO"))))
          .containsExactly(
              "postgres.backup.repository: has both s3 and volume; choose one of them");
    }

    @Test
    void needsTimesThatThereAre() {
      assertThat(problems(new BackupRule(), "set: {nordfaas:postgres.backup.full: \"0 24 * * *\"}"))
          .singleElement()
          .asString()
          .startsWith("postgres.backup.full: \"0 24 * * *\" is not a schedule: ");
    }

    @Test
    void staysInTheCountry() {
      assertThat(
              problems(
                  new ResidencyRule(),
                  "set: {nordfaas:postgres.backup.repository: {s3: %s}}"
                      .formatted(STORE.formatted("s3.eu-north-1.amazonaws.com", "SE"))))
          .containsExactlyInAnyOrder(
              "postgres.backup.repository.s3.country: \"SE\" is not on the allow-list: since Schrems II, data that leaves the EEA needs additional safeguards, so it stays in Norway; use \"NO\"",
              "postgres.backup.repository.s3.endpoint: amazonaws.com is subject to the law of another country, wherever its disks are; use a store run by a company in Norway");
    }

    @Test
    void fitsOnTheDiskTogetherWithTheData() {
      assertThat(
              problems(
                  new StorageRule(),
                  "set: {nordfaas:postgres.backup.repository.volume.size: 900Gi}"))
          .singleElement()
          .asString()
          .contains(" + backups 1 × 900Gi");
    }
  }

  @Nested
  class Reference {
    @Test
    void namesWhereToAddTheFirstStream() {
      assertThat(problems(new ReferenceRule(), "set: {nordfaas:nats.streams: {}}"))
          .containsExactly(
              "functions.order-processor.queue.stream: there is no stream \"orders\"; add it to nordfaas:nats.streams");
    }
  }

  @Nested
  class Subject {
    @Test
    void refusesSubjectTwiceInOneStream() {
      assertThat(
              problems(
                  new SubjectRule(),
                  "set: {nordfaas:nats.streams.orders.subjects: [orders.>, orders.created]}"))
          .containsExactly(
              "nats.streams.orders.subjects[1]: \"orders.created\" overlaps \"orders.>\" of stream orders; store each subject once");
    }

    @Test
    void allowsOverlappingConsumersOutsideWorkQueues() {
      assertThat(
              problems(
                  new SubjectRule(),
                  "set: {nordfaas:nats.streams.orders.retention: limits, nordfaas:nats.streams.orders.consumers.audit: {}}"))
          .isEmpty();
    }

    @Test
    void allowsConsumersThatShareNoSubject() {
      assertThat(
              problems(
                  new SubjectRule(),
                  "set: {nordfaas:nats.streams.orders.consumers.refunds: {filterSubjects: [orders.refunded]}}"))
          .isEmpty();
    }
  }

  @Nested
  class Route {
    @ParameterizedTest
    @ValueSource(strings = {"/ui", "/ui/", "/UI", "/function/x", "/async-function/x", "/healthz"})
    void refusesPathsOfTheGateway(String path) {
      assertThat(
              problems(
                  new RouteRule(),
                  "set: {nordfaas:functions.order-status.http.paths: [%s]}".formatted(path)))
          .singleElement()
          .asString()
          .endsWith("belongs to the gateway; choose another path, such as /orders");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/status", "/status/", "/Status/x"})
    void refusesThePathOfTheStatus(String path) {
      assertThat(
              problems(
                  new RouteRule(),
                  "set: {nordfaas:functions.order-status.http.paths: [%s]}".formatted(path)))
          .containsExactly(
              "functions.order-status.http.paths[0]: /status belongs to intake, which reports the status of an order there; choose another path, such as /orders");
    }

    @Test
    void comparesPathsWithoutRegardToCase() {
      assertThat(
              problems(
                  new RouteRule(), "set: {nordfaas:functions.order-status.http.paths: [/Orders]}"))
          .containsExactly(
              "functions.order-status.http.paths[0]: /Orders is already the path of nordfaas:queueWorker.intake.routes.orders.path; give each route its own path");
    }

    @Test
    void refusesAPathOfAnotherFunction() {
      var other = "{image: ghcr.io/nordfaas/vat:1.0.0, http: {paths: [/vat, /Order-Status/]}}";

      assertThat(problems(new RouteRule(), "set: {nordfaas:functions.vat: %s}".formatted(other)))
          .containsExactly(
              "functions.vat.http.paths[1]: /Order-Status is already the path of nordfaas:functions.order-status.http.paths[0]; give each route its own path");
    }

    @Test
    void refusesTheSamePathTwice() {
      assertThat(
              problems(
                  new RouteRule(),
                  "set: {nordfaas:functions.order-status.http.paths: [/a, /b, /A/]}"))
          .containsExactly(
              "functions.order-status.http.paths[2]: /A is already the path of nordfaas:functions.order-status.http.paths[0]; give each route its own path");
    }

    @Test
    void allowsAPathBelowThatOfAnotherFunction() {
      var other = "{image: ghcr.io/nordfaas/vat:1.0.0, http: {paths: [/order-status/vat, /]}}";

      assertThat(problems(new RouteRule(), "set: {nordfaas:functions.vat: %s}".formatted(other)))
          .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        textBlock =
            """
            /a/../b | has a segment . or .., and the edge refuses such paths; write /a/b, or what you mean
            /./a | has a segment . or .., and the edge refuses such paths; write /a, or what you mean
            /a//b | has an empty segment, which not all programs keep; write /a/b
            /a// | has an empty segment, which not all programs keep; write /a
            // | has an empty segment, which not all programs keep; write /
            """)
    void refusesPathsThatNotAllReadAlike(String path, String problem) {
      assertThat(
              problems(
                  new RouteRule(),
                  "set: {nordfaas:functions.order-status.http.paths: [%s]}".formatted(path)))
          .containsExactly("functions.order-status.http.paths[0]: %s %s".formatted(path, problem));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/functions", "/uid", "/orders/status", "/statuses"})
    void allowsPathsThatOnlyLookAlike(String path) {
      assertThat(
              problems(
                  new RouteRule(),
                  "set: {nordfaas:functions.order-status.http.paths: [%s]}".formatted(path)))
          .isEmpty();
    }
  }

  @Nested
  class PathPrefix {
    private static final String FUNCTION = "nordfaas:functions.order-status.";
    private static final String AT = "functions.order-status.http.pathPrefix: ";

    private List<String> refusals(String prefix, String readinessPath) {
      return problems(
          new PathPrefixRule(),
          "set: {%1$shttp.pathPrefix: %2$s, %1$sreadinessPath: %3$s}"
              .formatted(FUNCTION, prefix, readinessPath));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1", "/v1/orders", "/_x", "/health.json", "/..a"})
    void allowsAPathOfTheFunction(String prefix) {
      assertThat(refusals(prefix, "/health")).isEmpty();
    }

    @Test
    void refusesASlashAtTheEnd() {
      assertThat(refusals("/v1/", "/_/ready"))
          .containsExactly(
              AT + "/v1/ ends in a slash, and would leave out the path without it; write /v1");
    }

    @Test
    void refusesSegmentsThatLeadElsewhere() {
      assertThat(refusals("/v1/../admin", "/_/ready"))
          .containsExactly(
              AT
                  + "/v1/../admin has a segment . or .., and the edge refuses such paths; write /v1/admin, or what you mean");
    }

    @Test
    void refusesEmptySegments() {
      assertThat(refusals("//v1", "/_/ready"))
          .containsExactly(
              AT + "//v1 has an empty segment, which not all programs keep; write /v1");
    }

    @ParameterizedTest
    @CsvSource({
      "/_, /_/ready, /_",
      "/_/ready, /_/ready, /_",
      "/health, /health, /health",
      "/Health/x, /health/, /health"
    })
    void refusesThePartThatTheEdgeCloses(String prefix, String readinessPath, String closed) {
      assertThat(refusals(prefix, readinessPath))
          .containsExactly(
              AT
                  + "%s is for the function's node alone, and the edge answers 404 there; choose another prefix, or remove http"
                      .formatted(closed));
    }

    @Test
    void allowsAnyPrefixWhereTheRootIsTheReadiness() {
      assertThat(refusals("/v1", "/")).isEmpty();
    }
  }

  @Nested
  class Cors {
    private static final String FUNCTION = "functions.order-status.http.cors";
    private static final String ROUTE = "queueWorker.intake.routes.orders.cors";

    private List<String> refusals(String at, String environment, String cors) {
      return problems(
          new CorsRule(),
          "set: {nordfaas:datacenter.environment: %s, 'nordfaas:%s': %s}"
              .formatted(environment, at, cors));
    }

    @ParameterizedTest
    @ValueSource(strings = {FUNCTION, ROUTE})
    void refusesPagesInTheClearInProduction(String at) {
      assertThat(refusals(at, "production", "{origins: [http://app.example.no]}"))
          .containsExactly(
              at
                  + ".origins[0]: http://app.example.no is not encrypted, and whoever is between it and its users can call in their name; use its https origin; during development http://localhost and its ports are allowed");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://localhost",
          "http://localhost:5173",
          "http://app.localhost:5173",
          "http://127.0.0.1:5173"
        })
    void allowsPagesOfTheDevelopersOwnMachine(String origin) {
      var cors = "{credentials: true, origins: ['%s']}".formatted(origin);

      assertThat(refusals(FUNCTION, "production", cors)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost.example.no", "http://127.example.no"})
    void refusesPagesThatOnlyLookLocal(String origin) {
      assertThat(refusals(FUNCTION, "production", "{origins: ['%s']}".formatted(origin)))
          .hasSize(1);
    }

    @Test
    void allowsPagesInTheClearInATrial() {
      assertThat(refusals(FUNCTION, "staging", "{origins: [http://app.example.no]}")).isEmpty();
    }

    @Test
    void refusesCredentialsForPagesInTheClear() {
      assertThat(
              refusals(
                  FUNCTION,
                  "staging",
                  "{credentials: true, origins: [https://a.example.no, http://app.example.no]}"))
          .containsExactly(
              "functions.order-status.http.cors.origins[1]: http://app.example.no is not encrypted, and whoever is between it and its users can call with their credentials; use its https origin, or remove credentials");
    }

    @Test
    void refusesAnOriginTwice() {
      assertThat(
              refusals(
                  FUNCTION,
                  "production",
                  "{origins: [https://app.example.no, https://app.example.no]}"))
          .containsExactly(
              "functions.order-status.http.cors.origins[1]: https://app.example.no is listed twice; remove one of them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "1s", "1d"})
    void allowsAnswersForADay(String age) {
      assertThat(refusals(FUNCTION, "production", kept(age))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"86401s", "1500ms"})
    void refusesOtherAges(String age) {
      assertThat(refusals(FUNCTION, "production", kept(age)))
          .containsExactly(
              "functions.order-status.http.cors.maxAge: %s is out of range; use 0s to 1d, in whole seconds"
                  .formatted(age));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "apiKeys: [partner-a]                                      |                     | add X-Api-Key",
          "issuer: maskinporten                                      | headers: [X-Api-Key]| add Authorization",
          "issuer: maskinporten, apiKeys: [partner-a]                | headers: []         | add Authorization or X-Api-Key",
          "basic: [partner-a]                                        | headers: []         | add Authorization",
          "mtls: {authority: partners, subjects: [client.example.no]}| headers: []         | set credentials to true, for the browser's client certificate"
        })
    void warnsOfPagesThatCannotShowWhoIsCalling(String auth, String headers, String fix) {
      assertThat(warnings(new CorsRule(), calledByPages(auth, headers)))
          .containsExactly(
              "functions.order-status.http.cors.headers: has nothing that auth lets callers in by, so no page can call; "
                  + fix);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "public: true                                              | headers: []",
          "apiKeys: [partner-a]                                      | headers: [x-api-key]",
          "issuer: maskinporten, apiKeys: [partner-a]                |",
          "basic: [partner-a]                                        | headers: [], credentials: true",
          "mtls: {authority: partners, subjects: [client.example.no]}| headers: [], credentials: true"
        })
    void allowsPagesThatCanShowWhoIsCalling(String auth, String headers) {
      assertThat(warnings(new CorsRule(), calledByPages(auth, headers))).isEmpty();
    }

    private String calledByPages(String auth, String cors) {
      return "set: {nordfaas:functions.order-status.http: {auth: {%s}, cors: {origins: [https://app.example.no]%s}}}"
          .formatted(auth, cors == null ? "" : ", " + cors);
    }

    private String kept(String age) {
      return "{origins: [https://app.example.no], maxAge: %s}".formatted(age);
    }
  }

  @Nested
  class FunctionName {
    @ParameterizedTest
    @ValueSource(strings = {"edge", "gateway", "intake", "nats", "pgbouncer", "postgres"})
    void refusesNamesOfThePlatform(String name) {
      assertThat(problems(new FunctionNameRule(), function(name)))
          .containsExactly(
              "functions.%s: the platform has a service of this name; choose another name"
                  .formatted(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"intake-metrics", "orders-metrics"})
    void refusesNamesOfTheServicesForMetrics(String name) {
      assertThat(problems(new FunctionNameRule(), function(name)))
          .containsExactly(
              "functions.%s: names that end in -metrics are reserved for the services of metrics; choose another name"
                  .formatted(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway-2", "worker", "order-workers", "metrics"})
    void allowsNamesThatOnlyLookAlike(String name) {
      assertThat(problems(new FunctionNameRule(), function(name))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "cluster"})
    void refusesUsersOfNatsWithQueueOnly(String name) {
      assertThat(problems(new FunctionNameRule(), function(name))).isEmpty();
      assertThat(
              problems(
                  new FunctionNameRule(),
                  function(name, "queue: {stream: orders, durable: order-processor}")))
          .containsExactly(
              "functions.%s: NATS has a user of this name; choose another name".formatted(name));
    }

    @ParameterizedTest
    @CsvSource({
      "orders-owner, database orders already has a role orders_owner",
      "orders-writer, database orders already has a role orders_writer",
      "pg-dump, PostgreSQL reserves role names that begin with pg_"
    })
    void refusesRolesOfPostgresWithDatabaseOnly(String name, String reason) {
      assertThat(problems(new FunctionNameRule(), function(name))).isEmpty();
      assertThat(problems(new FunctionNameRule(), function(name, "database: {name: orders}")))
          .containsExactly("functions.%s: %s; choose another name".formatted(name, reason));
    }

    private String function(String name, String more) {
      return function(name).replace("1.0.0'", "1.0.0', " + more);
    }

    private String function(String name) {
      return "set: {'nordfaas:functions.%s': {image: 'ghcr.io/nordfaas/f:1.0.0'}}".formatted(name);
    }
  }

  @Nested
  class DatabaseName {
    @Test
    void refusesTheNamesOfMigrations() {
      assertThat(
              problems(
                  new DatabaseNameRule(),
                  "set: {nordfaas:postgres.databases: {orders_migrations: {}}}"))
          .containsExactly(
              "postgres.databases.orders_migrations: names that end in _migrations are reserved for migrations through PgBouncer; choose another name");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"pg_toast", "nordfaas", "information_schema", "pgbouncer", "extensions"})
    void refusesSchemasThatAreThere(String schema) {
      assertThat(
              problems(
                  new DatabaseNameRule(),
                  "set: {nordfaas:postgres.databases: {orders: {schemas: [public, %s]}}}"
                      .formatted(schema)))
          .containsExactly(
              "postgres.databases.orders.schemas[1]: schema %s is reserved by PostgreSQL or nordfaas; choose another name"
                  .formatted(schema));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgbouncer", "postgres", "template0", "template1"})
    void refusesDatabasesThatExist(String name) {
      assertThat(problems(new DatabaseNameRule(), database(name)))
          .containsExactly(
              "postgres.databases.%s: a database of this name already exists; choose another name"
                  .formatted(name));
    }

    @Test
    void refusesNameWhoseRolesPostgresReserves() {
      assertThat(problems(new DatabaseNameRule(), database("pg_orders")))
          .containsExactly(
              "postgres.databases.pg_orders: PostgreSQL reserves role names that begin with pg_, as its owner's would; choose another name");
    }

    private String database(String name) {
      return "set: {nordfaas:postgres.databases.%s: {}}".formatted(name);
    }
  }

  @Nested
  class Environment {
    @Test
    void refusesTheVariablesOfTheDatabase() {
      assertThat(
              problems(
                  new EnvironmentRule(),
                  environment("DATABASE_GRANT", "DATABASE_URL", "DATABASE_POOL_SIZE")))
          .containsExactly(
              "functions.order-status.environment.DATABASE_GRANT: is set from the function's database; remove it",
              "functions.order-status.environment.DATABASE_POOL_SIZE: is set from the function's database; remove it",
              "functions.order-status.environment.DATABASE_URL: is set from the function's database; remove it");
    }

    @Test
    void allowsAnyDatabaseWithoutOneOfThePlatform() {
      assertThat(
              problems(
                  new EnvironmentRule(),
                  environment("DATABASE_URL")
                      + "\nremove: [nordfaas:functions.order-status.database]"))
          .isEmpty();
    }

    @Test
    void allowsTheTimeoutsOfTheWatchdog() {
      assertThat(problems(new EnvironmentRule(), environment("exec_timeout"))).isEmpty();
    }

    private String environment(String... names) {
      return "set: {nordfaas:functions.order-status.environment: {%s}}"
          .formatted(String.join(": x, ", names) + ": x");
    }
  }

  @Nested
  class Cron {
    @ParameterizedTest
    @ValueSource(strings = {"30 2 * * *", "*/15 8-16 * * MON-FRI", "0 0 1,15 JAN *", "0 4 * * 0"})
    void allowsCronsFiveFields(String schedule) {
      assertThat(problems(new CronRule(), cron("nightly: {schedule: '%s'}".formatted(schedule))))
          .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "30 2 * *",
          "0 30 2 * * *",
          "61 * * * *",
          "0 4 * * 7",
          "* * 32 * *",
          "5-3 * * * *",
          "*/0 * * * *",
          "1-5-7 * * * *",
          "/5 * * * *",
          "MON 3 * * *",
          "0 3 * * MONDAY",
          "0 3 * JANUARY *",
          "@daily",
          "noon",
          "CRON_TZ=UTC 0 2 * * *"
        })
    void refusesOthers(String schedule) {
      assertThat(problems(new CronRule(), cron("nightly: {schedule: '%s'}".formatted(schedule))))
          .singleElement()
          .asString()
          .startsWith(
              "functions.order-status.cron.nightly.schedule: \"%s\" is not a schedule: "
                  .formatted(schedule))
          .endsWith(
              "; write minute, hour, day of the month, month and day of the week, such as \"30 2 * * *\"");
    }

    @Test
    void refusesAnUnknownTimeZone() {
      assertThat(
              problems(
                  new CronRule(), cron("n: {schedule: '0 2 * * *', timezone: Europe/Trondheim}")))
          .containsExactly(
              "functions.order-status.cron.n.timezone: there is no time zone Europe/Trondheim; use one from the IANA database, such as Europe/Oslo");
    }

    @Test
    void refusesADeadlineThatTheControllerCouldMiss() {
      assertThat(problems(new CronRule(), cron("n: {schedule: '0 2 * * *', startingDeadline: 5s}")))
          .containsExactly(
              "functions.order-status.cron.n.startingDeadline: 5s is out of range; use 10s to 24h");
    }

    @Test
    void refusesANameThatIsTooLong() {
      var name = "a".repeat(35);

      assertThat(problems(new CronRule(), cron(name + ": {schedule: '0 2 * * *'}")))
          .containsExactly(
              "functions.order-status.cron.%1$s: its CronJob would be named order-status-cron-%1$s, which has 53 characters, but Kubernetes allows 52; choose a shorter name"
                  .formatted(name));
    }

    @Test
    void refusesTheNameOfAnotherFunctionsCronJob() {
      var patch =
          """
          set:
            nordfaas:functions.a: {image: "r/a:1", cron: {b-cron-c: {schedule: "0 2 * * *"}}}
            nordfaas:functions.a-cron-b: {image: "r/a:1", cron: {c: {schedule: "0 2 * * *"}}}
          """;

      assertThat(problems(new CronRule(), patch))
          .singleElement()
          .asString()
          .contains("its CronJob would be named a-cron-b-cron-c, like that of another trigger");
    }

    private static String cron(String triggers) {
      return "set: {nordfaas:functions.order-status.cron: {%s}}".formatted(triggers);
    }
  }

  @Nested
  class Egress {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "{cidr: 203.0.113.0/24, port: 443}",
          "{host: 203.0.113.7, port: 443}",
          "{host: api.example.no, cidr: 203.0.113.0/24, port: 443}"
        })
    void allowsWhatHasAddresses(String rule) {
      assertThat(problems(new EgressRule(), egress(rule))).isEmpty();
    }

    @Test
    void refusesANameWithoutNetwork() {
      assertThat(problems(new EgressRule(), egress("{host: api.example.no, port: 443}")))
          .containsExactly(
              "functions.order-status.egress[0].cidr: is missing, and network policies cannot use the name api.example.no; add the network that the host is in, such as 203.0.113.0/24");
    }

    @Test
    void refusesAPortAlone() {
      assertThat(problems(new EgressRule(), egress("{port: 443}")))
          .containsExactly(
              "functions.order-status.egress[0].cidr: is missing, and so is host; add the network that the host is in, such as 203.0.113.0/24");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{cidr: 10.42.7.0/24, port: 443} | cidr | 10.42.7.0/24 is within the network of the pods, 10.42.0.0/16",
          "{cidr: 10.43.0.0/16, port: 443} | cidr | 10.43.0.0/16 is within the network of the services, 10.43.0.0/16",
          "{host: 192.0.2.10, port: 6443} | host | 192.0.2.10/32 is within the address of node oslo-1, 192.0.2.10",
          "{host: 169.254.169.254, port: 80} | host | 169.254.169.254/32 is within 169.254.0.0/16, where providers serve a machine's metadata",
          "{cidr: 'fe80::/64', port: 80} | cidr | fe80::/64 is within fe80::/10, where providers serve a machine's metadata"
        })
    void refusesWhatIsNotOutside(String rule, String key, String reason) {
      assertThat(problems(new EgressRule(), egress(rule)))
          .containsExactly(
              "functions.order-status.egress[0].%s: %s; use a network outside the cluster; of one that contains it, it is left out"
                  .formatted(key, reason));
    }

    @Test
    void refusesCallbacksAndAStoreThatAreNotOutside() {
      var patch =
          """
          remove: [nordfaas:postgres.backup.repository.volume]
          set:
            nordfaas:functions.order-processor.queue.callbacks: [{host: hooks.example.no, cidr: 10.42.0.0/20}]
            nordfaas:postgres.backup.repository.s3:
              bucket: backups
              region: no
              endpoint: s3.example.no
              cidrs: [203.0.113.0/24, 192.0.2.10/32]
              country: "NO"
              accessKey: {secure: x}
              secretKey: {secure: x}
          """;

      assertThat(problems(new EgressRule(), patch))
          .containsExactlyInAnyOrder(
              "functions.order-processor.queue.callbacks[0].cidr: 10.42.0.0/20 is within the network of the pods, 10.42.0.0/16; use a network outside the cluster; of one that contains it, it is left out",
              "postgres.backup.repository.s3.cidrs[1]: 192.0.2.10/32 is within the address of node oslo-1, 192.0.2.10; use a network outside the cluster; of one that contains it, it is left out");
    }

    /** The policy then leaves the cluster's own addresses out. */
    @Test
    void allowsNetworksThatContainThoseOfTheCluster() {
      assertThat(problems(new EgressRule(), egress("{cidr: 0.0.0.0/0, port: 443}"))).isEmpty();
    }

    private static String egress(String rule) {
      return "set: {nordfaas:functions.order-status.egress: [%s]}".formatted(rule);
    }
  }

  @Nested
  class Scale {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "scaleUp.stabilizationWindow | 61m | 0s to 1h",
          "scaleUp.period | 0s | 1s to 30m",
          "scaleDown.stabilizationWindow | 500ms | 0s to 1h",
          "scaleDown.period | 31m | 1s to 30m"
        })
    void refusesTimesThatTheAutoscalerDoesNotTake(String key, String time, String range) {
      assertThat(
              problems(
                  new ScaleRule(),
                  "set: {nordfaas:functions.order-status.scale.behavior.%s: %s}"
                      .formatted(key, time)))
          .containsExactly(
              "functions.order-status.scale.behavior.%s: the autoscaler does not accept %s; use whole seconds from %s"
                  .formatted(key, time, range));
    }
  }

  @Nested
  class Limits {
    @Test
    void refusesCpuLimitBelowRequest() {
      assertThat(problems(new LimitsRule(), "set: {nordfaas:nats.resources.limits.cpu: 100m}"))
          .containsExactly(
              "nats.resources.limits.cpu: 100m is below the request of 250m; use 250m or more, or lower the request");
    }

    @Test
    void reportsSharedResourcesOnce() {
      var patch =
          """
          set:
            nordfaas:functions.order-status.queue: {stream: orders, durable: order-processor}
            nordfaas:queueWorker.workerResources.limits.memory: 64Mi
          """;

      assertThat(problems(new LimitsRule(), patch))
          .containsExactly(
              "queueWorker.workerResources.limits.memory: 64Mi is below the request of 256Mi; use 256Mi or more, or lower the request");
    }
  }

  @Nested
  class Capacity {
    @Test
    void takesOffWhatTheKubeletReserves() {
      assertThat(problems(new CapacityRule(), "set: {nordfaas:nodes.oslo-1.memory: 2Gi}"))
          .containsExactly(
              "postgres.resources.requests.memory: 4Gi, 4160Mi with the pod's other containers, fits on no node: the largest has 1280Mi left for pods; lower it or use a larger VPS");
    }

    @Test
    void countsTheJobsThatUpWaitsForTheExportersAndK3sOwnPods() {
      assertThat(problems(new CapacityRule(), "set: {nordfaas:nodes.oslo-1.vcpu: 4}"))
          .containsExactly(
              "nodes: requests of 4610m cpu exceed the 3570m that the nodes have left for pods: CoreDNS 1 × 100m + metrics-server 1 × 100m + nats 1 × 250m + streams 1 × 50m + postgres 1 × 2050m + pooler 1 × 260m + roles 1 × 50m + first backup 1 × 100m + gateway 1 × 150m + prometheus 1 × 100m + edge 1 × 100m + edge-check 1 × 50m + intake 1 × 250m + order-processor 2 × 250m + order-processor's worker 1 × 250m + order-status 1 × 250m; add nodes or lower requests");
    }

    @Test
    void countsOneBackupAtATime() {
      var patch =
          """
          set:
            nordfaas:nodes.oslo-1.vcpu: 4
            nordfaas:postgres.backup.resources.requests.cpu: 2
          """;

      assertThat(problems(new CapacityRule(), patch))
          .containsExactly(
              "nodes: requests of 6510m cpu exceed the 3570m that the nodes have left for pods: CoreDNS 1 × 100m + metrics-server 1 × 100m + nats 1 × 250m + streams 1 × 50m + postgres 1 × 2050m + pooler 1 × 260m + roles 1 × 50m + first backup 1 × 2 + gateway 1 × 150m + prometheus 1 × 100m + edge 1 × 100m + edge-check 1 × 50m + intake 1 × 250m + order-processor 2 × 250m + order-processor's worker 1 × 250m + order-status 1 × 250m; add nodes or lower requests");
    }

    @Test
    void doesNotCountIntakeWithoutARoute() {
      var patch =
          """
          remove: [nordfaas:queueWorker.intake.routes.orders]
          set: {nordfaas:nodes.oslo-1.vcpu: 4}
          """;

      assertThat(problems(new CapacityRule(), patch))
          .singleElement(STRING)
          .doesNotContain("intake");
    }

    @Test
    void countsTheDiskOfPrometheusForItsOnePod() {
      assertThat(problems(new CapacityRule(), "set: {nordfaas:openfaas.prometheus.size: 400Gi}"))
          .containsExactly(
              "openfaas.prometheus: 409664Mi of ephemeral-storage fits on no node: the largest has 362396Mi left for pods; lower it or use a larger VPS");
    }

    @Test
    void countsLogsAndTemporaryFiles() {
      var patch =
          """
          set:
            nordfaas:nodes.oslo-1.disk: 6G
            nordfaas:nodes.oslo-1.vcpu: 500
            nordfaas:nodes.oslo-1.memory: 500Gi
            nordfaas:openfaas.prometheus.size: 1Gi
            nordfaas:functions.order-status.scale: {min: 20, max: 20}
          """;

      assertThat(problems(new CapacityRule(), patch))
          .containsExactly(
              "nodes: requests of 9792Mi ephemeral-storage exceed the 5435Mi that the nodes have left for pods: nats 1 × 64Mi + streams 1 × 64Mi + postgres 1 × 192Mi + pooler 1 × 128Mi + roles 1 × 64Mi + first backup 1 × 128Mi + gateway 1 × 192Mi + prometheus 1 × 1088Mi + edge 1 × 128Mi + edge-check 1 × 64Mi + intake 1 × 320Mi + order-processor 2 × 320Mi + order-processor's worker 1 × 320Mi + order-status 20 × 320Mi; add nodes or use larger disks");
    }

    @Test
    void replicasBeyondTheMinimumAreNoProblem() {
      assertThat(
              problems(
                  new CapacityRule(), "set: {nordfaas:functions.order-status.scale.max: 1000}"))
          .isEmpty();
    }

    @Test
    void warnsOfReplicasThatFindNoRoomBesideEverythingElse() {
      assertThat(
              warnings(
                  new CapacityRule(), "set: {nordfaas:functions.order-status.scale.max: 1000}"))
          .containsExactly(
              "functions.order-status.scale.max: 1000 replicas of 250m cpu and 256Mi memory, of which 12 fit while everything else is at scale.min; lower it or the requests, or add nodes: what does not fit stays pending");
    }

    @Test
    void warnsOfWorkloadsThatFindNoRoomTogether() {
      var patch =
          """
          set:
            nordfaas:functions.order-status.scale.max: 10
            nordfaas:functions.order-processor.scale.max: 10
          """;

      assertThat(warnings(new CapacityRule(), patch))
          .containsExactly(
              "nodes: not all workloads fit at scale.max at once: they need 5 cpu and 5Gi memory more than at scale.min, but the nodes have 2950m and 22375Mi left; add nodes, or lower scale.max or the requests of order-processor, order-processor's worker, order-status: what does not fit stays pending");
    }

    @Test
    void saysNothingWhereAllFindRoomUnderLoad() {
      assertThat(warnings(new CapacityRule(), "set: {}")).isEmpty();
    }

    @Test
    void doesNotWarnOfWhatIsAProblemAlready() {
      var patch =
          """
          set:
            nordfaas:nodes.oslo-1.vcpu: 4
            nordfaas:functions.order-status.scale.max: 1000
          """;

      assertThat(problems(new CapacityRule(), patch)).hasSize(1);
    }
  }

  @Nested
  class ConnectionBudget {
    @Test
    void showsTheSum() {
      var patch =
          """
          set:
            nordfaas:postgres.pooler.replicas: 2
            nordfaas:postgres.maxConnections: 50
          remove: [nordfaas:functions.order-status]
          """;

      assertThat(problems(new ConnectionBudgetRule(), patch))
          .containsExactly(
              "postgres.maxConnections: (1 pool × 25 + 2 look-ups + 2 for migrations) × 2 replicas + 13 = 71 exceeds maxConnections 50; raise maxConnections to 71, remove it, or lower defaultPoolSize");
    }

    @Test
    void countsNoMoreThanMaxDbConnections() {
      var patch =
          "{set: {nordfaas:postgres.maxConnections: 44, nordfaas:postgres.pooler.maxDbConnections: %d}, remove: [nordfaas:postgres.exporterImage]}";

      assertThat(problems(new ConnectionBudgetRule(), patch.formatted(30))).isEmpty();
      assertThat(problems(new ConnectionBudgetRule(), patch.formatted(31)))
          .containsExactly(
              "postgres.maxConnections: (31 server connections + 2 look-ups + 2 for migrations) × 1 replica + 10 = 45 exceeds maxConnections 44; raise maxConnections to 45, remove it, or lower maxDbConnections");
    }
  }

  @Nested
  class PostgresMemory {
    @Test
    void showsTheSum() {
      assertThat(
              problems(
                  new PostgresMemoryRule(),
                  "set: {nordfaas:postgres.resources.limits.memory: 512Mi, nordfaas:postgres.maxConnections: 100}"))
          .containsExactly(
              "postgres.resources.limits.memory: shared_buffers 128Mi + 3 × maintenance_work_mem 32Mi + page cache 32Mi + 100 connections × (2304Ki + work_mem 1Mi) = 581Mi exceed 512Mi; raise it, or allow at most 78 connections");
    }

    @Test
    void allowsWhatFits() {
      assertThat(
              problems(
                  new PostgresMemoryRule(),
                  "set: {nordfaas:postgres.resources.limits.memory: 512Mi, nordfaas:postgres.maxConnections: 78}"))
          .isEmpty();
    }
  }

  @Nested
  class DroppedDatabase {
    @Test
    void refusesOneThatIsStillInUse() {
      assertThat(
              problems(
                  new DroppedDatabaseRule(), "set: {nordfaas:postgres.dropDatabases: [orders]}"))
          .containsExactly(
              "postgres.dropDatabases[0]: database orders is still in use; remove it here, or from postgres.databases");
    }

    @Test
    void allowsOneThatHasLeftTheConfig() {
      assertThat(
              problems(new DroppedDatabaseRule(), "set: {nordfaas:postgres.dropDatabases: [old]}"))
          .isEmpty();
    }
  }

  @Nested
  class ConnectionsOfTheExporter {
    private static final String PATCH =
        "set: {nordfaas:postgres.maxConnections: %d, nordfaas:postgres.pooler.maxDbConnections: 30}";

    @Test
    void areInTheBudget() {
      assertThat(problems(new ConnectionBudgetRule(), PATCH.formatted(47))).isEmpty();
      assertThat(problems(new ConnectionBudgetRule(), PATCH.formatted(46)))
          .singleElement()
          .asString()
          .startsWith(
              "postgres.maxConnections: (30 server connections + 2 look-ups + 2 for migrations) × 1 replica + 13 = 47 exceeds maxConnections 46;");
    }
  }

  @Nested
  class Timeout {
    @Test
    void refusesNoTimeAtAll() {
      assertThat(problems(new TimeoutRule(), "set: {nordfaas:functions.order-status.timeout: 0s}"))
          .containsExactly(
              "functions.order-status.timeout: 0s leaves no time for a call; use 1s or more");
    }

    @Test
    void showsTheChainWhereReadAndWriteDiffer() {
      assertThat(problems(new TimeoutRule(), "set: {nordfaas:openfaas.gateway.writeTimeout: 70s}"))
          .containsExactly(
              "openfaas.gateway.writeTimeout: 70s differs from readTimeout 65s; the chain is function order-processor 30s <= upstreamTimeout 1m < readTimeout 65s = writeTimeout 70s < edge.timeouts.response 75s; give both the same value");
    }

    @Test
    void followsTheGatewayAtTheEdge() {
      assertThat(
              problems(
                  new TimeoutRule(),
                  "set: {nordfaas:openfaas.gateway.readTimeout: 5m, nordfaas:openfaas.gateway.writeTimeout: 5m}"))
          .isEmpty();
    }

    @Test
    void startsTheChainWithTheSlowestFunction() {
      assertThat(
              problems(
                  new TimeoutRule(),
                  "set: {nordfaas:functions.order-status.timeout: 40s, nordfaas:edge.timeouts.response: 65s}"))
          .containsExactly(
              "edge.timeouts.response: 65s is not above openfaas.gateway.writeTimeout 65s; the chain is function order-status 40s <= upstreamTimeout 1m < readTimeout 65s = writeTimeout 65s < edge.timeouts.response 65s; raise it, or remove it: it then follows writeTimeout");
    }

    @Test
    void refusesTooLittleTimeForBodyAndAnswerAtTheEdge() {
      assertThat(problems(new TimeoutRule(), "set: {nordfaas:edge.timeouts.write: 134s}"))
          .containsExactly(
              "edge.timeouts.write: 134s is below readBody 65s and response 70s together, 135s; the chain is function order-processor 30s <= upstreamTimeout 1m < readTimeout 65s = writeTimeout 65s < edge.timeouts.response 70s; raise it, or remove it: it then follows them");
    }

    @Test
    void allowsLessTimeAtTheEdgeForBodies() {
      assertThat(problems(new TimeoutRule(), "set: {nordfaas:edge.timeouts.readBody: 5s}"))
          .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"readHeader", "readBody", "idle"})
    void refusesNoTimeAtAllAtTheEdge(String key) {
      assertThat(problems(new TimeoutRule(), "set: {nordfaas:edge.timeouts.%s: 0s}".formatted(key)))
          .containsExactly("edge.timeouts.%s: 0s is too short; use 1s or more".formatted(key));
    }

    @Test
    void allowsWaitsThatAreShorterThanACall() {
      var consumer = "nordfaas:nats.streams.orders.consumers.order-processor";

      assertThat(problems(new TimeoutRule(), "set: {%s.backoff: [1s, 5s]}".formatted(consumer)))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"9s", "2h", "10500ms"})
  void refusesATimeForRolloutsThatIsOutOfRange(String time) {
    assertThat(
            problems(
                new TimeoutRule(),
                "set: {nordfaas:functions.order-status.rolloutTimeout: %s}".formatted(time)))
        .containsExactly(
            "functions.order-status.rolloutTimeout: %s is out of range; use whole seconds from 10s to 1h"
                .formatted(time));
  }

  @Nested
  class License {
    @Test
    void refusesSixteenFunctionsOfCommunityEdition() {
      var functions =
          IntStream.rangeClosed(1, 14)
              .mapToObj("nordfaas:functions.f%d: {image: 'ghcr.io/nordfaas/f:1.0.0'}"::formatted)
              .collect(Collectors.joining(", "));

      assertThat(problems(new LicenseRule(), "set: {%s}".formatted(functions)))
          .containsExactly(
              "functions: 16 functions exceed the Community Edition's limit of 15; remove 1 or set openfaas.edition to standard");
    }

    @Test
    void asksForNothingOutsideProduction() {
      var patch =
          """
          set: {nordfaas:datacenter.environment: staging}
          remove: [nordfaas:openfaas.acceptCommunityEdition]
          """;

      assertThat(problems(new LicenseRule(), patch)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "jetstream: {}",
          "registries: {registry.example.no: {username: puller, password: {secure: x}}}",
          "gateway: {image: 'ghcr.io/openfaasltd/gateway:0.5.20'}",
          "provider: {image: 'mirror.example.no/openfaasltd/faas-netes:0.5.93'}"
        })
    void allowsWithLicenseWhatTheCommunityEditionIsRefused(String key) {
      var openfaas = "set: {nordfaas:openfaas: {edition: %s, %s}}";

      assertThat(
              problems(
                  new LicenseRule(), openfaas.formatted("standard, license: {secure: x}", key)))
          .isEmpty();
      assertThat(
              problems(
                  new LicenseRule(),
                  openfaas.formatted("community, acceptCommunityEdition: true", key)))
          .hasSize(1);
    }

    @Test
    void refusesImagesOfTheCommunityEditionWithLicense() {
      var patch =
          "set: {nordfaas:openfaas: {edition: standard, license: {secure: x}, provider: {image: 'ghcr.io/openfaas/faas-netes:0.18.17'}}}";

      assertThat(problems(new LicenseRule(), patch))
          .containsExactly(
              "openfaas.provider.image: ghcr.io/openfaas/faas-netes:0.18.17 is from the community edition; use an image of the edition that openfaas.edition names, or remove the key");
    }

    @Test
    void allowsManyReplicasWithLicense() {
      var patch =
          """
          set:
            nordfaas:openfaas: {edition: standard, license: {secure: x}}
            nordfaas:functions.order-status.scale.max: 50
          """;

      assertThat(problems(new LicenseRule(), patch)).isEmpty();
    }
  }

  @Nested
  class Cost {
    @Test
    void showsTheSum() {
      assertThat(problems(new CostRule(), "set: {%s}".formatted(nodes(3))))
          .containsExactly(
              "datacenter.monthlyCostLimitNok: 1890 + 1890 + 1890 = 5670 NOK a month exceeds 2500; raise it or remove nodes");
    }

    @Test
    void asksForNoPriceWithoutLimit() {
      assertThat(
              problems(
                  new CostRule(),
                  "remove: [nordfaas:datacenter.monthlyCostLimitNok, nordfaas:nodes.oslo-1.monthlyPriceNok]"))
          .isEmpty();
    }
  }

  @Nested
  class Edge {
    @Test
    void allowsTheOnlyNodeByName() {
      assertThat(problems(new EdgeRule(), "set: {nordfaas:edge.nodes: [oslo-1]}")).isEmpty();
    }

    @Test
    void refusesARateLimitInTheOfficialImage() {
      assertThat(
              problems(new EdgeRule(), "small", "set: {nordfaas:edge.rateLimit: {requests: 500}}"))
          .containsExactly(
              "edge.rateLimit: the official image docker.io/library/caddy:2.11.2-alpine has no rate limit, and would not start with one; set edge.image to one that is built from images/caddy, or remove rateLimit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"999ms", "61m"})
    void refusesAWindowThatIsOutOfRange(String window) {
      assertThat(
              problems(
                  new EdgeRule(),
                  "set: {nordfaas:edge.image: 'ghcr.io/nordfaas/caddy:2.11.2', nordfaas:edge.rateLimit: {requests: 500, window: %s}}"
                      .formatted(window)))
          .singleElement()
          .asString()
          .contains("edge.rateLimit.window: ")
          .contains("is out of range; use 1s to 1h");
    }

    @Test
    void offersEveryNode() {
      assertThat(
              problems(
                  new EdgeRule(), "set: {%s, nordfaas:edge.nodes: [oslo-9]}".formatted(nodes(3))))
          .containsExactly(
              "edge.nodes[0]: there is no node \"oslo-9\"; use oslo-1 or oslo-2 or oslo-3");
    }
  }

  @Nested
  class Guaranteed {
    @Test
    void refusesLimitsAboveTheRequests() {
      assertThat(
              problems(
                  new GuaranteedRule(),
                  "set: {nordfaas:postgres.resources: {requests: {cpu: 500m, memory: 2Gi}, limits: {cpu: '1', memory: 4Gi}}}"))
          .containsExactly(
              "postgres.resources.limits.cpu: 1 is above the request of 500m, so PostgreSQL would be killed before pods that stay within theirs; use the same value for both",
              "postgres.resources.limits.memory: 4Gi is above the request of 2Gi, so PostgreSQL would be killed before pods that stay within theirs; use the same value for both");
    }

    @Test
    void allowsNoLimitOfTheCpu() {
      assertThat(
              problems(
                  new GuaranteedRule(),
                  "set: {nordfaas:postgres.resources: {requests: {cpu: 500m, memory: 2Gi}, limits: {memory: 2Gi}}}"))
          .isEmpty();
    }
  }

  @Nested
  class PoolerMemory {
    @Test
    void holdsTheClientsOfOslo() {
      assertThat(problems(new PoolerMemoryRule(), "set: {}")).isEmpty();
    }

    @Test
    void refusesMoreClientsThanItHolds() {
      assertThat(
              problems(
                  new PoolerMemoryRule(), "set: {nordfaas:postgres.pooler.maxClientConn: 20000}"))
          .containsExactly(
              "postgres.pooler.resources.limits.memory: 20000 clients × 20Ki + 32Mi = 422Mi exceed 256Mi; raise it to 423Mi or lower maxClientConn");
    }
  }

  @Nested
  class HighAvailability {
    private static final String IMAGES =
        "nordfaas:postgres.image: 'registry.example.no/cloudnative-pg/postgresql:17.9', nordfaas:postgres.pooler.image: 'ghcr.io/cloudnative-pg/pgbouncer:1.25.1@sha256:%s'"
            .formatted("0".repeat(64));
    private static final String PATCH =
        "{set: {nordfaas:postgres.highAvailability: true, %s, %s}, remove: [nordfaas:postgres.exporterImage, nordfaas:postgres.pooler.exporterImage]}";

    @Test
    void needsANodeForEachInstance() {
      assertThat(problems(new HighAvailabilityRule(), PATCH.formatted(IMAGES, nodes(2))))
          .containsExactly(
              "postgres.highAvailability: 3 instances need a node each, but there are 2 nodes; add nodes or set it to false");
    }

    @Test
    void isAllowedOnThreeNodes() {
      assertThat(problems(new HighAvailabilityRule(), PATCH.formatted(IMAGES, nodes(3)))).isEmpty();
    }

    @Test
    void hasMetricsOfItsOwn() {
      assertThat(
              problems(
                  new HighAvailabilityRule(),
                  "set: {nordfaas:postgres.highAvailability: true, %s, %s}"
                      .formatted(IMAGES, nodes(3))))
          .containsExactly(
              "postgres.exporterImage: CloudNativePG, which highAvailability uses, has its own metrics on port 9187; remove it",
              "postgres.pooler.exporterImage: CloudNativePG, which highAvailability uses, has its own metrics on port 9127; remove it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.9.9", "0.27.1", "0.28.0"})
    void refusesOperatorsWhoseExporterAnOwnerCanTakeOver(String version) {
      assertThat(
              problems(
                  new HighAvailabilityRule(),
                  PATCH.formatted(
                      IMAGES, nodes(3) + ", nordfaas:postgres.operator.chartVersion: " + version)))
          .containsExactly(
              "postgres.operator.chartVersion: the operator of chart %s lets the owner of a database become the administrator (CVE-2026-44477); use 0.28.1 or newer"
                  .formatted(version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.28.1", "0.29.0", "1.0.0"})
    void allowsOperatorsWithoutThat(String version) {
      assertThat(
              problems(
                  new HighAvailabilityRule(),
                  PATCH.formatted(
                      IMAGES, nodes(3) + ", nordfaas:postgres.operator.chartVersion: " + version)))
          .isEmpty();
    }

    @Test
    void needsTheImagesOfTheOperator() {
      assertThat(
              problems(
                  new HighAvailabilityRule(),
                  PATCH.formatted(
                      "nordfaas:postgres.image: 'postgres:17.6', nordfaas:postgres.pooler.image: 'edoburu/pgbouncer:v1.25.2-p0'",
                      nodes(3))))
          .containsExactly(
              "postgres.image: postgres:17.6 is not made for CloudNativePG, which highAvailability uses; use an image from .../cloudnative-pg/..., such as ghcr.io/cloudnative-pg/postgresql:17.9-system-bookworm",
              "postgres.pooler.image: edoburu/pgbouncer:v1.25.2-p0 is not made for CloudNativePG, which highAvailability uses; use an image from .../cloudnative-pg/..., such as ghcr.io/cloudnative-pg/pgbouncer:1.25.1");
    }
  }

  @Nested
  class Versions {
    @ParameterizedTest
    @ValueSource(strings = {"2.14.5", "2.15.2-alpine", "2.12.15", "2.12.20", "3.0.0", "edge"})
    void allowNatsThatKeepsStreams(String tag) {
      assertThat(
              problems(
                  new NatsVersionRule(), "set: {nordfaas:nats.image: 'nats:%s'}".formatted(tag)))
          .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.14.4", "2.13.9", "2.12.14", "2.10.0", "1.9.9"})
    void refuseNatsThatLosesStreams(String tag) {
      assertThat(
              problems(
                  new NatsVersionRule(), "set: {nordfaas:nats.image: 'nats:%s'}".formatted(tag)))
          .containsExactly(
              "nats.image: nats-server %s can lose a stream that is created twice; use 2.14.5 or newer, or 2.12 from 2.12.15 on"
                  .formatted(tag));
    }

    @Test
    void refuseThemForOpenFaasOwnNatsToo() {
      assertThat(
              problems(
                  new NatsVersionRule(),
                  "set: {nordfaas:openfaas: {edition: standard, license: {secure: x}, jetstream: {natsImage: 'nats:2.14.0'}}}"))
          .containsExactly(
              "openfaas.jetstream.natsImage: nats-server 2.14.0 can lose a stream that is created twice; use 2.14.5 or newer, or 2.12 from 2.12.15 on");
    }

    @Test
    void allowOldPgBouncerWithoutPreparedStatements() {
      assertThat(
              problems(
                  new PgBouncerVersionRule(),
                  "set: {nordfaas:postgres.pooler.image: 'pgbouncer:1.18.0', nordfaas:postgres.pooler.maxPreparedStatements: 0}"))
          .isEmpty();
    }
  }

  private static String nodes(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> "nordfaas:nodes.oslo-%d: {address: 192.0.2.%d, %s}".formatted(i, i, NODE))
        .collect(Collectors.joining(", "));
  }

  @Nested
  class Migrations {
    @Test
    void refusesMoreThanAConfigMapHolds(@TempDir(factory = InTarget.class) Path folder)
        throws IOException {
      for (var version : List.of(1, 2)) {
        Files.writeString(folder.resolve("V%d__data.sql".formatted(version)), "-".repeat(1 << 19));
      }
      var patch = "set: {nordfaas:postgres.databases.orders.migrations: %s}".formatted(folder);

      assertThat(problems(new MigrationsRule(), patch))
          .containsExactly(
              "postgres.databases: migrations of 1024Ki exceed the 896Ki of one ConfigMap; load large amounts of data by other means");
    }

    /** A path in the project. */
    static final class InTarget implements TempDirFactory {
      @Override
      public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
          throws IOException {
        return Files.createTempDirectory(Path.of("target"), "migrations");
      }
    }
  }
}
