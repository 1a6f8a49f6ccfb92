package dev.nordfaas.policy;

import static dev.nordfaas.config.check.RuleCheck.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What K3s v1.34.4, its kubelet and its schedules do not take, or what it would take away. */
class K3sRulesTest {
  private static final String THREE_NODES =
      "nordfaas:k3s.clusterCidr: 10.42.0.0/16, "
          + "nordfaas:nodes.oslo-2: {%1$s, address: 192.0.2.11}, "
          + "nordfaas:nodes.oslo-3: {%1$s, address: 192.0.2.12}, "
          + "nordfaas:edge.nodes: [oslo-1]";

  private static final String NODE =
      "hostKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOp7EA6KzoVcvqT5n862lMahNNeNMDzOq8pLRV80/nhD,"
          + " vcpu: 8, memory: 32Gi, disk: 400G, monthlyPriceNok: 1890";

  private static String threeNodes() {
    return THREE_NODES.formatted(NODE);
  }

  private static String extra(String entries) {
    return "set: {nordfaas:k3s.extraConfig: {%s}}".formatted(entries);
  }

  @Nested
  class Schedules {
    private static final String FIX =
        "; write minute, hour, day of the month, month and day of the week, such as \"30 2 * * *\"";

    /** The same words, whoever runs the schedule. */
    @ParameterizedTest
    @CsvSource({
      "0 3 * * 7, 'the day of the week \"7\" is not one of 0 (Sunday) to 6 or sun to sat'",
      "61 99 * * *, 'the hour \"99\" is not one of 0 to 23'",
      "0 0 30 2 *, 'it never runs, as none of its months has such a day'",
      "@daily, 'it has 1 field instead of 5'",
    })
    void areCheckedByOneChecker(String schedule, String reason) {
      var problem = ": \"%s\" is not a schedule: %s%s".formatted(schedule, reason, FIX);

      assertThat(
              problems(
                  new SnapshotRule(),
                  "set: {nordfaas:k3s.etcdSnapshots.scheduleCron: '%s'}".formatted(schedule)))
          .containsExactly("k3s.etcdSnapshots.scheduleCron" + problem);
      for (var type : List.of("full", "differential")) {
        assertThat(
                problems(
                    new BackupRule(),
                    "set: {nordfaas:postgres.backup.%s: '%s'}".formatted(type, schedule)))
            .containsExactly("postgres.backup.%s%s".formatted(type, problem));
      }
      assertThat(
              problems(
                  new CronRule(),
                  "set: {nordfaas:functions.order-status.cron: {n: {schedule: '%s'}}}"
                      .formatted(schedule)))
          .containsExactly("functions.order-status.cron.n.schedule" + problem);
    }

    @Test
    void mayNameDaysInBackupsToo() {
      assertThat(problems(new BackupRule(), "set: {nordfaas:postgres.backup.full: '30 1 * * SUN'}"))
          .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Trondheim", "SystemV/PST8", "oslo"})
    void areInATimeZoneThatExists(String zone) {
      var problem =
          ": there is no time zone %s; use one from the IANA database, such as Europe/Oslo"
              .formatted(zone);

      assertThat(problems(new CronRule(), "set: {nordfaas:host.timezone: %s}".formatted(zone)))
          .containsExactly("host.timezone" + problem);
      assertThat(
              problems(
                  new CronRule(),
                  "set: {nordfaas:functions.order-status.cron: {n: {schedule: '0 2 * * *', timezone: %s}}}"
                      .formatted(zone)))
          .containsExactly("functions.order-status.cron.n.timezone" + problem);
    }
  }

  @Nested
  class Labels {
    private static final String OWN = "use your own prefix, such as example.no/role";

    @ParameterizedTest
    @ValueSource(strings = {"kubernetes.io/hostname", "kubernetes.io/arch", "kubernetes.io/os"})
    void doNotReplaceThoseOfTheKubelet(String label) {
      assertThat(problems(new NodeLabelRule(), label(label, "x")))
          .containsExactly(
              "nodes.oslo-1.labels[\"%s\"]: would replace the kubelet's own value, which volumes and pods are bound to their node with; remove it, or %s"
                  .formatted(label, OWN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"k3s.io/internal-ip", "egress.k3s.io/cluster", "p2p.k3s.cattle.io/x"})
    void doNotReplaceThoseOfK3s(String label) {
      assertThat(problems(new NodeLabelRule(), label(label, "x")))
          .containsExactly(
              "nodes.oslo-1.labels[\"%s\"]: is a label that K3s sets itself; remove it, or %s"
                  .formatted(label, OWN));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "node.kubernetes.io/instance-type",
          "beta.kubernetes.io/arch",
          "svccontroller.k3s.cattle.io/enablelb",
          "notk3s.io/x"
        })
    void mayBeOthers(String label) {
      assertThat(problems(new NodeLabelRule(), label(label, "x"))).isEmpty();
    }

    /** As IsQualifiedName and IsValidLabelValue of Kubernetes, which the kubelet asks. */
    @ParameterizedTest
    @CsvSource({
      "rack-, x",
      "-example.no/rack, x",
      "example..no/rack, x",
      "example.no./rack, x",
      "rack, x-",
      "rack, x.",
    })
    void haveNamesAndValuesThatTheKubeletTakes(String label, String value) {
      assertThat(problems(new NodeLabelRule(), label(label, value)))
          .singleElement()
          .asString()
          .startsWith("nodes.oslo-1.labels")
          .contains("such as");
    }

    private static String label(String label, String value) {
      return "set: {nordfaas:nodes.oslo-1.labels: {\"%s\": \"%s\"}}".formatted(label, value);
    }
  }

  @Nested
  class Taints {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "example.no/gpu=true:PreferNoSchedule",
          "gpu:PreferNoSchedule",
          "gpu=:PreferNoSchedule"
        })
    void areWrittenAsKubectlWritesThem(String taint) {
      assertThat(problems(new NodeTaintRule(), taints("oslo-1", taint))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"gpu", "gpu=true", "gpu=true:Never", "=true:NoSchedule", "a:b:NoExecute"})
    void areNotWrittenOtherwise(String taint) {
      assertThat(problems(new NodeTaintRule(), taints("oslo-1", taint)))
          .containsExactly(
              "nodes.oslo-1.taints[0]: \"%s\" is not valid; use a taint as kubectl writes it, such as example.no/gpu=true:NoSchedule"
                  .formatted(taint));
    }

    @Test
    void leaveANodeForThePlatform() {
      for (var effect : List.of("NoSchedule", "NoExecute")) {
        assertThat(problems(new NodeTaintRule(), taints("oslo-1", "gpu:" + effect)))
            .containsExactly(
                "nodes: every node has a taint that keeps the platform's pods away; leave at least one without NoSchedule and NoExecute");
      }
    }

    @Test
    void areNotThoseOfKubernetes() {
      assertThat(
              problems(
                  new NodeTaintRule(),
                  taints("oslo-1", "node.kubernetes.io/unschedulable:PreferNoSchedule")))
          .containsExactly(
              "nodes.oslo-1.taints: node.kubernetes.io/unschedulable:PreferNoSchedule is a taint that Kubernetes sets and removes itself; use your own prefix, such as example.no/gpu=true:NoSchedule");
    }

    @Test
    void areNotThereTwice() {
      assertThat(
              problems(
                  new NodeTaintRule(),
                  taints("oslo-1", "gpu=a:PreferNoSchedule', 'gpu=b:PreferNoSchedule")))
          .containsExactly(
              "nodes.oslo-1.taints: has gpu with this effect twice, and the kubelet does not start with it; remove one of the two");
    }

    @Test
    void takeTheNodeOutOfTheCountOfReplicas() {
      var patch =
          "set: {%s, nordfaas:nats.replicas: 3, nordfaas:nodes.oslo-2.taints: ['gpu:NoSchedule']}"
              .formatted(threeNodes());

      assertThat(problems(new TopologyRule(), patch))
          .containsExactly(
              "nats.replicas: 3 replicas need a node each, but there are 2 nodes without a taint that keeps pods away; add nodes or lower it");
    }

    @Test
    void takeTheNodeOutOfTheCapacity() {
      var patch =
          "set: {%s, nordfaas:postgres.resources: {requests: {cpu: 100m, memory: 40Gi}, limits: {memory: 40Gi}}%s}";
      var large = ", nordfaas:nodes.oslo-2.memory: 64Gi";

      assertThat(problems(new CapacityRule(), patch.formatted(threeNodes(), large))).isEmpty();
      assertThat(
              problems(
                  new CapacityRule(),
                  patch.formatted(
                      threeNodes(), large + ", nordfaas:nodes.oslo-2.taints: ['gpu:NoSchedule']")))
          .singleElement()
          .asString()
          .contains("on no node: the largest has");
    }

    @Test
    void leaveTheEdgeOnItsNode() {
      var patch =
          "set: {%s, nordfaas:nodes.oslo-1.taints: ['gpu=true:NoExecute']}".formatted(threeNodes());

      assertThat(problems(new EdgeRule(), patch))
          .containsExactly(
              "edge.nodes[0]: the edge cannot run on oslo-1: a taint keeps its pod away; choose another node, or remove the taint");
    }

    @Test
    void haveAKeyOfTheirOwn() {
      assertThat(problems(new K3sKeyRule(), extra("node-taint: ['a=b:NoSchedule']")))
          .containsExactly(
              "k3s.extraConfig.node-taint: cannot be set here; use nodes.<name>.taints");
    }

    private static String taints(String node, String taint) {
      return "set: {nordfaas:nodes.%s.taints: ['%s']}".formatted(node, taint);
    }
  }

  @Nested
  class AddressFamilies {
    @ParameterizedTest
    @CsvSource({
      "clusterCidr, 'fd00:42::/56', 10.42.0.0/16",
      "serviceCidr, 'fd00:43::/112', 10.43.0.0/16",
    })
    void ofThePodsIsVersion4(String key, String network, String example) {
      assertThat(
              problems(
                  new AddressFamilyRule(), "set: {nordfaas:k3s.%s: '%s'}".formatted(key, network)))
          .containsExactly(
              "k3s.%s: %s is IPv6, but nordfaas' pods, such as those of NATS, only listen on IPv4 addresses; use an IPv4 network, such as %s"
                  .formatted(key, network, example));
    }

    @Test
    void ofANodeIsThatOfThePods() {
      assertThat(
              problems(
                  new AddressFamilyRule(),
                  "set: {nordfaas:nodes.oslo-1.privateAddress: 'fd00::10'}"))
          .containsExactly(
              "nodes.oslo-1.privateAddress: fd00::10 is IPv6, but K3s needs an address of the same family as the pods, which is IPv4; use an IPv4 address");
      assertThat(
              problems(
                  new AddressFamilyRule(),
                  "set: {nordfaas:nodes.oslo-1.address: '2001:db8::10', nordfaas:host.firewall: {sshCidrs: ['2001:db8:1::/48'], apiCidrs: ['2001:db8:1::/48']}}"))
          .containsExactly(
              "nodes.oslo-1.address: 2001:db8::10 is IPv6, but K3s needs an address of the same family as the pods, which is IPv4; use an IPv4 address, or add a privateAddress");
    }

    @Test
    void ofTheEdgesNodeIsVersion4() {
      assertThat(
              problems(
                  new AddressFamilyRule(),
                  "set: {nordfaas:nodes.oslo-1.address: '2001:db8::10', nordfaas:nodes.oslo-1.privateAddress: 10.0.0.10, nordfaas:host.firewall: {sshCidrs: ['2001:db8:1::/48'], apiCidrs: ['2001:db8:1::/48']}}"))
          .containsExactly(
              "nodes.oslo-1.address: 2001:db8::10 is IPv6, but the edge on this node only answers over IPv4; use the node's IPv4 address");
    }

    @Test
    void ofTheFirewallIsThatOfTheNodes() {
      assertThat(
              problems(
                  new AddressFamilyRule(),
                  "set: {nordfaas:host.firewall: {sshCidrs: ['2001:db8::/48'], apiCidrs: ['2001:db8::/48']}}"))
          .containsExactly(
              "host.firewall.sshCidrs: would let nobody in at 192.0.2.10: it has no IPv4 network; add the clients' IPv4 networks",
              "host.firewall.apiCidrs: would let nobody in at 192.0.2.10: it has no IPv4 network; add the clients' IPv4 networks");
    }

    @Test
    void ofTheApiIsThatOfItsAddress() {
      assertThat(problems(new AddressFamilyRule(), "set: {nordfaas:k3s.apiAddress: '2001:db8::1'}"))
          .containsExactly(
              "host.firewall.apiCidrs: would let nobody in at 2001:db8::1: it has no IPv6 network; add the clients' IPv6 networks");
    }

    @Test
    void mayBeBothAroundTheCluster() {
      var patch =
          "set: {%s, nordfaas:nodes.oslo-2.address: '2001:db8::11', nordfaas:nodes.oslo-2.privateAddress: 10.0.0.11, nordfaas:host.firewall: {sshCidrs: [198.51.100.0/24, '2001:db8:1::/48'], apiCidrs: [198.51.100.0/24, '2001:db8:1::/48']}}"
              .formatted(threeNodes());

      assertThat(problems(new AddressFamilyRule(), patch)).isEmpty();
    }

    @Test
    void areThoseOfOthersInAnExistingCluster() {
      assertThat(
              problems(
                  new AddressFamilyRule(),
                  "set: {nordfaas:k3s.existing: {kubeconfig: {secure: x}, apiServers: ['2001:db8::1', 192.0.2.1]}, nordfaas:k3s.clusterCidr: 'fd00:42::/56'}"))
          .isEmpty();
    }

    @Test
    void servicesHaveRoomForDns() {
      assertThat(problems(new AddressFamilyRule(), "set: {nordfaas:k3s.serviceCidr: 10.43.0.0/29}"))
          .containsExactly(
              "k3s.serviceCidr: 10.43.0.0/29 is too small: K3s gives its eleventh address to CoreDNS; use a /28 or larger; every service needs an address");
    }
  }

  @Nested
  class Parts {
    @Test
    void thatVolumesComeFromStay() {
      assertThat(problems(new ExtraConfigRule(), extra("disable: [local-storage]")))
          .containsExactly(
              "k3s.extraConfig.disable: without local-storage there is no storage class local-path, which the volumes of nats, postgres, backups, edge come from; remove it");
    }

    @Test
    void thatAutoscalersReadStay() {
      assertThat(problems(new ExtraConfigRule(), extra("disable: ['servicelb,metrics-server']")))
          .singleElement()
          .asString()
          .startsWith("k3s.extraConfig.disable: without metrics-server nothing scales ")
          .contains("order-processor")
          .endsWith(
              ", whose scale.max is above scale.min; remove it, or set their scale.max to scale.min");
    }

    @Test
    void thatNamesComeFromStay() {
      assertThat(problems(new ExtraConfigRule(), extra("disable: [coredns]")))
          .containsExactly(
              "k3s.extraConfig.disable: without coredns no pod finds another one by its name; remove it");
    }

    @ParameterizedTest
    @CsvSource({
      "ccm, 'use coredns, local-storage, metrics-server, runtimes, servicelb, traefik'",
      "metric-server, did you mean metrics-server?",
    })
    void haveNames(String part, String fix) {
      assertThat(problems(new ExtraConfigRule(), extra("disable: [%s]".formatted(part))))
          .containsExactly(
              "k3s.extraConfig.disable: %s is not a part that K3s may leave out; %s"
                  .formatted(part, fix));
    }

    @Test
    void thatNobodyNeedsMayGo() {
      assertThat(problems(new ExtraConfigRule(), extra("disable: [servicelb, runtimes, traefik]")))
          .isEmpty();
    }
  }

  @Nested
  class ExtraKeys {
    @ParameterizedTest
    @CsvSource({
      "embedded-registry, 'needs TCP port 5001 between the nodes, which the firewall closes; remove it; k3s.registries names mirrors'",
      "etcd-snapshot-dir, 'would take no snapshots until somebody has made the folder on every server; remove it'",
      "image-credential-provider-bin-dir, 'would let the kubelet run programs that no check has seen; use openfaas.registries'",
      "image-credential-provider-config, 'would let the kubelet run programs that no check has seen; use openfaas.registries'",
      "log, 'would write K3s'' log to a file whose size nothing limits; remove it: journald keeps the log, up to host.journalMaxUse'",
      "service-node-port-range, 'would move node ports from the range that the hosts reserve for them; remove it'",
      "lb-server-port, 'cannot be set here; remove it: nordfaas relies on its own value'",
      "https-listen-port, 'cannot be set here; remove it: nordfaas relies on its own value'",
    })
    void areRefusedWithTheReason(String key, String problem) {
      assertThat(problems(new K3sKeyRule(), extra("%s: [x]".formatted(key))))
          .containsExactly("k3s.extraConfig.%s: %s".formatted(key, problem));
    }

    @ParameterizedTest
    @CsvSource({
      "kubelet-arg, pods-per-core=4, use k3s.maxPods",
      "'kubelet-arg', 'reserved-cpus=0,1', 'remove it: nordfaas relies on its own value'",
      "kube-proxy-arg, conntrack-udp-timeout=60s, 'use host.sysctls: net.netfilter.nf_conntrack_udp_timeout'",
      "kube-proxy-arg, conntrack-udp-timeout-stream=60s, 'use host.sysctls: net.netfilter.nf_conntrack_udp_timeout_stream'",
      "kube-proxy-arg, conntrack-tcp-be-liberal, 'use host.sysctls: net.netfilter.nf_conntrack_tcp_be_liberal'",
    })
    void areRefusedAsFlagsOfComponents(String key, String flag, String fix) {
      assertThat(problems(new K3sKeyRule(), extra("%s: ['%s']".formatted(key, flag))))
          .containsExactly(
              "k3s.extraConfig.%s: %s cannot be set here; %s".formatted(key, flag, fix));
    }

    @Test
    void areCountedInTheCapacity() {
      assertThat(
              problems(
                  new CapacityRule(),
                  extra("kubelet-arg: ['eviction-hard=memory.available<100Mi']")))
          .isEmpty();
      assertThat(
              problems(
                  new CapacityRule(), extra("kubelet-arg: ['eviction-hard=memory.available<90%']")))
          .singleElement()
          .asString()
          .contains("left for pods");
      assertThat(
              problems(
                  new CapacityRule(), extra("kubelet-arg: ['eviction-hard=nodefs.available<99%']")))
          .singleElement()
          .asString()
          .contains("left for pods");
    }

    @Test
    void leaveAgentsAllServers() {
      var patch =
          "set: {%s, nordfaas:k3s.extraConfig: {disable-apiserver-lb: ['true']}}"
              .formatted(threeNodes());

      assertThat(problems(new ExtraConfigRule(), patch))
          .containsExactly(
              "k3s.extraConfig.disable-apiserver-lb: would let agents talk to the first server only, although there are 3; remove it");
      assertThat(problems(new ExtraConfigRule(), extra("disable-apiserver-lb: ['true']")))
          .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"node-external-dns", "node-internal-dns"})
    void leaveEachNodeItsName(String key) {
      var patch =
          "set: {%s, nordfaas:k3s.extraConfig: {%s: [node.example.no]}}"
              .formatted(threeNodes(), key);

      assertThat(problems(new ExtraConfigRule(), patch))
          .containsExactly(
              "k3s.extraConfig.%s: would give the same name to all 3 nodes; remove it"
                  .formatted(key));
      assertThat(problems(new ExtraConfigRule(), extra(key + ": [node.example.no]"))).isEmpty();
    }

    @Test
    void leaveDnsAmongTheServices() {
      assertThat(problems(new ExtraConfigRule(), extra("cluster-dns: [10.44.0.10]")))
          .containsExactly(
              "k3s.extraConfig.cluster-dns: 10.44.0.10 is not in k3s.serviceCidr 10.43.0.0/16, so no service can have it; choose an address from there, or remove it");
      assertThat(problems(new ExtraConfigRule(), extra("cluster-dns: [10.43.0.53]"))).isEmpty();
    }
  }
}
