package dev.nordfaas.lab;

import dev.nordfaas.lab.fault.Kind;
import dev.nordfaas.lab.fault.Limit;
import dev.nordfaas.lab.fault.Limits;
import dev.nordfaas.lab.fault.Outcome;
import dev.nordfaas.lab.fault.Traffic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/** The faults: what breaks, for how long, and for how long clients may notice. */
final class Faults {
  private static final String KEYS = "nordfaas-keys";
  private static final String ORDERS = "orders";
  private static final String ALL = "all";

  /** Seconds without success that are allowed while a server of NATS is replaced as a leader. */
  private static final int ELECTION = 15;

  private static final int NODE_LOST = 20;

  /** The same while another instance of PostgreSQL becomes the primary, where there is one. */
  private static final int FAILOVER = 60;

  /** If its node does not answer, Kubernetes first counts it as lost (docs/reliability.md). */
  private static final int FAILOVER_OF_NODE = 150;

  /** How long a node may be away before it is switched on again, or connected. */
  private static final int AWAY = 20;

  private static final int FROZEN = 60;
  private static final int BAD_NETWORK = 15;
  private static final int FULL = 15;

  /** MiB left free in a volume that is going to be full. */
  private static final int ROOM = 64;

  private final Random random;
  private final List<Fault> all = new ArrayList<>();

  private Faults(Random random) {
    this.random = random;
  }

  /** All faults; which pod of several is hit is up to {@code random}. */
  static List<Fault> all(Random random) {
    var faults = new Faults(random);
    faults.addContainers();
    faults.addPostgres();
    faults.addProcesses();
    faults.addNodes();
    faults.addNetworks();
    faults.addVolumes();
    faults.addLoad();
    faults.addEdge();
    faults.addPairs();
    return List.copyOf(faults.all);
  }

  private void add(Kind kind, String name, Fault.Preparation preparation) {
    all.add(new Fault(name, kind, false, preparation));
  }

  private void addToShort(Kind kind, String name, Fault.Preparation preparation) {
    all.add(new Fault(name, kind, true, preparation));
  }

  // ------------------------------------------------------------------------------------ processes

  private void addContainers() {
    addToShort(
        Kind.PROCESS,
        "the edge that has the address killed",
        load -> {
          var node = VirtualAddress.node();
          var pod =
              Pods.running("edge", name("edge")).stream()
                  .filter(it -> Pods.node(it).equals(node))
                  .findFirst()
                  .orElseThrow();
          return killed(5, pod, "caddy");
        });
    addToShort(Kind.PROCESS, "a gateway killed", killedAny(5, "openfaas", "gateway", "gateway"));
    add(
        Kind.PROCESS,
        "a gateway's provider killed",
        killedAny(5, "openfaas", "gateway", "faas-netes"));
    addToShort(Kind.PROCESS, "an intake killed", killedAny(5, "openfaas-fn", "intake", "intake"));
    add(
        Kind.PROCESS,
        "a server of NATS that leads nothing killed",
        load -> killed(10, anyOf(JetStream.others(ORDERS)), "nats"));
    add(
        Kind.PROCESS,
        "the meta leader of NATS killed",
        load -> killed(ELECTION, JetStream.metaLeader(), "nats"));
    addToShort(
        Kind.PROCESS,
        "the leader of the orders' stream killed",
        load -> killed(ELECTION, JetStream.leaderOf(ORDERS), "nats"));
    add(
        Kind.PROCESS,
        "the leader of the keys' stream killed",
        load -> killed(ELECTION, JetStream.leaderOf(KEYS), "nats"));
    addToShort(
        Kind.PROCESS,
        "a worker killed",
        killedAny(5, "openfaas-fn", "order-processor-worker", "order-processor-worker"));
    addToShort(
        Kind.PROCESS,
        "a function that is called by its queue killed",
        killedAny(5, "openfaas-fn", "order-processor", "order-processor"));
    add(
        Kind.PROCESS,
        "a function that clients call killed",
        killedAny(5, "openfaas-fn", "order-status", "order-status"));
    addToShort(
        Kind.PROCESS,
        "a PgBouncer killed",
        load -> killed(10, anyOf(Pods.running("postgres", poolers())), "pgbouncer"));
    addToShort(
        Kind.PROCESS,
        "a name server killed",
        load -> killed(10, anyOf(Pods.running("kube-system", "k8s-app=kube-dns")), "coredns"));
  }

  /** Those of the stack's own Deployment, or the operator's. */
  private static String poolers() {
    return Database.isCluster() ? "cnpg.io/podRole=pooler" : name("pgbouncer");
  }

  private void addPostgres() {
    addToShort(
        Kind.PROCESS,
        Database.isCluster() ? "the primary of PostgreSQL killed" : "PostgreSQL killed",
        load -> {
          var primary = Database.primary();
          return Breakage.of(
              Limits.of(5).withDatabase(Limit.of(Database.isCluster() ? FAILOVER : NODE_LOST)),
              () -> Database.kill(primary));
        });
    if (Database.isCluster()) {
      add(
          Kind.PROCESS,
          "the pod of PostgreSQL's primary deleted",
          load -> {
            var pod = Database.primary().at("/metadata/name").stringValue();
            return Breakage.of(
                Limits.of(5).withDatabase(Limit.of(FAILOVER)),
                () -> Lab.kubectl("delete", "pod", "--namespace=postgres", "--wait=false", pod));
          });
      add(
          Kind.PROCESS,
          "a standby of PostgreSQL killed",
          load -> {
            var standby = Database.standby().orElseThrow();
            return Breakage.of(Limits.of(10), () -> Database.kill(standby));
          });
      add(
          Kind.PROCESS,
          "the operator of PostgreSQL killed",
          load -> {
            var pods = Pods.running("postgres", name("cloudnative-pg"));
            return Breakage.of(
                Limits.of(5), () -> pods.forEach(pod -> Pods.kill(pod, container(pod))));
          });
    }
  }

  private static String container(JsonNode pod) {
    return pod.at("/spec/containers/0/name").stringValue();
  }

  private Fault.Preparation killedAny(
      int limit, String namespace, String workload, String container) {
    return load -> killed(limit, anyOf(Pods.running(namespace, name(workload))), container);
  }

  private static Breakage killed(int limit, JsonNode pod, String container) {
    return Breakage.of(Limits.of(limit), () -> Pods.kill(pod, container));
  }

  private static String name(String workload) {
    return "app.kubernetes.io/name=" + workload;
  }

  private <T> T anyOf(List<T> elements) {
    if (elements.isEmpty()) {
      throw new AssertionError("there is nothing to break");
    }
    return elements.get(random.nextInt(elements.size()));
  }

  /** What a node itself runs: everything of that name on it. */
  private void addProcesses() {
    addToShort(Kind.PROCESS, "kubelet killed", load -> killed(5, anyNode(), "kubelet"));
    add(Kind.PROCESS, "containerd killed", load -> killed(5, anyNode(), "containerd"));
    add(
        Kind.PROCESS,
        "a follower in etcd killed",
        load -> {
          var leader = Etcd.leader();
          var others = ThreeServers.NAMES.stream().filter(node -> !node.equals(leader)).toList();
          return killed(10, anyOf(others), "etcd");
        });
    addToShort(
        Kind.PROCESS, "the leader of etcd killed", load -> killed(10, Etcd.leader(), "etcd"));
    addToShort(
        Kind.PROCESS, "an API server killed", load -> killed(10, anyNode(), "kube-apiserver"));
  }

  private String anyNode() {
    return anyOf(ThreeServers.NAMES);
  }

  private static Breakage killed(int limit, String node, String process) {
    return Breakage.of(
        Limits.of(limit), () -> Lab.inVpsOf(node, "pkill", "-9", "-x", process).ok());
  }

  // ---------------------------------------------------------------------------------------- nodes

  private void addNodes() {
    for (var node : ThreeServers.NAMES) {
      add(Kind.NODE, node + " switched off", load -> off(node));
      add(
          Kind.NODE,
          node + " frozen for a minute",
          load ->
              Breakage.of(lost(node), () -> power("freeze", node))
                  .lasting(FROZEN, () -> power("thaw", node))
                  .on(node));
      add(
          Kind.NODE,
          node + " cut off from the others",
          load ->
              Breakage.of(lost(node), () -> network("isolate", node))
                  .lasting(AWAY, () -> network("heal"))
                  .on(node));
    }
    add(
        Kind.NODE,
        "the node of PostgreSQL's primary switched off",
        load -> off(Pods.node(Database.primary())));
    add(
        Kind.NODE,
        "a node cut off from the others and from clients",
        load -> {
          var node = VirtualAddress.node();
          return Breakage.of(lost(node), () -> network("isolate", node, "--and-outside"))
              .lasting(AWAY, () -> network("heal"))
              .on(node);
        });
  }

  private static Breakage off(String node) {
    return Breakage.of(lost(node), () -> power("off", node))
        .lasting(AWAY, () -> power("on", node))
        .untilBack()
        .on(node)
        .within(Duration.ofSeconds(150), Duration.ofSeconds(240));
  }

  /** A single instance of PostgreSQL is not moved to another node: its volume is there. */
  private static Limits lost(String node) {
    var limits = Limits.of(NODE_LOST);
    if (!Pods.node(Database.primary()).equals(node)) {
      return limits;
    }
    return limits.withDatabase(
        Database.isCluster() ? Limit.of(FAILOVER_OF_NODE) : Limit.afterwards(FAILOVER));
  }

  private static void power(String what, String node) {
    Lab.run("lab/power", what, node).ok();
  }

  // ------------------------------------------------------------------------------------- networks

  private void addNetworks() {
    for (var i = 0; i < ThreeServers.NAMES.size(); i++) {
      var node = ThreeServers.NAMES.get(i);
      var other = ThreeServers.NAMES.get((i + 1) % ThreeServers.NAMES.size());
      add(
          Kind.NETWORK,
          "%s cut off from %s".formatted(node, other),
          load ->
              Breakage.of(Limits.of(NODE_LOST), () -> network("cut", node, other))
                  .lasting(AWAY, () -> network("heal")));
      add(
          Kind.NETWORK,
          "5 %% loss between %s and the others".formatted(node),
          load -> bad("loss", node, "5%", BAD_NETWORK));
      add(
          Kind.NETWORK,
          "200 ms delay between %s and the others".formatted(node),
          load -> bad("delay", node, "200ms", BAD_NETWORK));
    }
    addToShort(
        Kind.NETWORK, "5 % loss between all nodes", load -> bad("loss", ALL, "5%", AWAY / 2));
    add(Kind.NETWORK, "50 ms delay between all nodes", load -> bad("delay", ALL, "50ms", AWAY / 2));
  }

  private static Breakage bad(String what, String node, String value, int seconds) {
    return Breakage.of(Limits.of(BAD_NETWORK), () -> network(what, node, ALL, value))
        .lasting(seconds, () -> network("heal"));
  }

  private static void network(String... arguments) {
    var command = new ArrayList<>(List.of("lab/network"));
    command.addAll(List.of(arguments));
    Lab.run(command.toArray(String[]::new)).ok();
  }

  // -------------------------------------------------------------------------------------- volumes

  private void addVolumes() {
    add(
        Kind.VOLUME,
        "the volume of a server of NATS full",
        load -> full(anyOf(Pods.running("nats", name("nats"))), Limits.of(ELECTION)));
    add(
        Kind.VOLUME,
        "the volume of the leader of the orders' stream full",
        load -> full(JetStream.leaderOf(ORDERS), Limits.of(ELECTION)));
    // Where there is no room, there is no other primary either: work goes on when there is.
    var primary = Limits.of(NODE_LOST).withDatabase(Limit.afterwards(2 * FAILOVER));
    if (Database.isCluster()) {
      add(
          Kind.VOLUME,
          "the volume of a standby of PostgreSQL full",
          load -> full(Database.standby().orElseThrow(), Limits.of(NODE_LOST)));
      add(
          Kind.VOLUME,
          "the volume of PostgreSQL's primary full",
          load -> {
            var next = Database.standby().orElseThrow();
            var full = full(next, primary);
            Database.promote(next);
            return full;
          });
    } else {
      add(Kind.VOLUME, "the volume of PostgreSQL full", load -> full(Database.primary(), primary));
    }
    add(
        Kind.VOLUME,
        "the volume of an edge full",
        load -> {
          var pod = anyOf(Pods.running("edge", name("edge")));
          var folder =
              "/var/lib/kubelet/pods/%s/volumes/kubernetes.io~empty-dir/run"
                  .formatted(pod.at("/metadata/uid").stringValue());
          return Breakage.of(
                  Limits.of(5),
                  () -> inFolder(pod, folder, "! dd if=/dev/zero of=filler bs=64k count=64"))
              .lasting(FULL, () -> inFolder(pod, folder, "rm -f filler"));
        });
  }

  private static void inFolder(JsonNode pod, String folder, String command) {
    Lab.inVpsOf(Pods.node(pod), "sh", "-euc", "cd '%s'; %s".formatted(folder, command)).ok();
  }

  private static Breakage full(JsonNode pod, Limits limits) {
    var volume = FullVolume.of(pod, ROOM);
    Lab.eventually(Duration.ofSeconds(150), Whole::problems, List::isEmpty);
    return Breakage.of(limits, volume::fill)
        .lasting(FULL, volume::empty)
        .putBack(volume::putBack)
        .within(Duration.ofSeconds(200), Duration.ofSeconds(300));
  }

  // ----------------------------------------------------------------------------------------- load

  private static final int TEN_TIMES = 60;

  private void addLoad() {
    add(Kind.LOAD, "ten times the load for a minute", Faults::overload);
  }

  /**
   * What is asked for beyond the steady load; how much of it two cores can send is another matter.
   */
  private static Breakage overload(Fault.Under load) {
    var more = new Overload(load);
    return Breakage.of(Limits.of(Limit.afterwards(30)), more::begin)
        .lasting(TEN_TIMES, more::end)
        .alsoSending(more::outcomes)
        .putBack(more::close)
        .within(Duration.ofMinutes(20), Duration.ofSeconds(240));
  }

  /** Clients besides the steady ones. */
  private static final class Overload {
    /** With the steady ones no more than the hosts' firewall lets in. */
    private static final int CLIENTS = 200;

    private final Fault.Under steady;
    private final List<OrderLoad> loads = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();

    Overload(Fault.Under steady) {
      this.steady = steady;
    }

    void begin() throws IOException {
      var rates = steady.rates();
      loads.add(
          OrderLoad.start(
              ThreeServers.EDGE,
              new OrderLoad.Manner(
                  9 * rates.orders(), 9 * rates.calls(), Duration.ofSeconds(10), CLIENTS),
              steady.prefix() + "-more",
              steady.known()));
    }

    void end() throws IOException {
      for (var load : loads) {
        outcomes.addAll(load.stop());
      }
      System.out.printf(
          "ten times the load: %d requests in %d s, %d of them failed twice%n",
          outcomes.size(),
          TEN_TIMES,
          outcomes.stream().filter(outcome -> !outcome.succeeded()).count());
    }

    List<Outcome> outcomes() {
      return List.copyOf(outcomes);
    }

    void close() throws IOException {
      for (var load : loads) {
        load.close();
      }
    }
  }

  // ----------------------------------------------------------------------------------------- edge

  /** How long a client waits before it tries once more. */
  private static final int IMPATIENT = 3;

  private void addEdge() {
    add(
        Kind.EDGE,
        "the edges restarted one by one",
        load ->
            Breakage.of(
                    Limits.of(5),
                    () -> {
                      var edges = "statefulset/edge";
                      Lab.kubectl("--namespace=edge", "rollout", "restart", edges);
                      Lab.kubectl("--namespace=edge", "rollout", "status", edges, "--timeout=300s");
                    })
                .patience(IMPATIENT));
    add(
        Kind.EDGE,
        "the node that has the address switched off",
        load -> {
          var node = nodeWithTheAddressAlone();
          return off(node).limits(lostEdge(node)).patience(IMPATIENT);
        });
  }

  /**
   * Leaders of streams and the database are elected anew in their own time: if possible, the
   * address is on a node without them.
   */
  private static String nodeWithTheAddressAlone() {
    var node = VirtualAddress.node();
    for (var tries = 0; tries < 4 && (leads(node) || hasDatabase(node)); tries++) {
      VirtualAddress.giveAway(node);
      node = VirtualAddress.node();
    }
    return node;
  }

  private static boolean leads(String node) {
    return Pods.node(JetStream.leaderOf(ORDERS)).equals(node)
        || Pods.node(JetStream.leaderOf(KEYS)).equals(node);
  }

  private static boolean hasDatabase(String node) {
    return Pods.node(Database.primary()).equals(node);
  }

  private static Limits lostEdge(String node) {
    var limits =
        Limits.of(5)
            .with(Traffic.ORDER, Limit.of(leads(node) ? ELECTION : 5))
            .with(Traffic.SESSION, Limit.of(NODE_LOST));
    return hasDatabase(node) ? limits.withDatabase(lost(node).of(Traffic.SESSION)) : limits;
  }

  // ---------------------------------------------------------------------------------------- pairs

  /** Of two workers. Where the worker is on that node, it is lost with it. */
  private void addPairs() {
    for (var node : ThreeServers.NAMES) {
      for (var worker : List.of(1, 2)) {
        add(
            Kind.PAIR,
            "%s switched off and worker %d killed".formatted(node, worker),
            load -> {
              var workers = Pods.running("openfaas-fn", name("order-processor-worker"));
              var pod = workers.get(Math.min(worker, workers.size()) - 1);
              return off(node)
                  .after(
                      () -> {
                        if (!Pods.node(pod).equals(node)) {
                          Pods.kill(pod, "order-processor-worker");
                        }
                      });
            });
      }
    }
  }
}
