package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.lab.Attacker.Target;
import dev.nordfaas.plan.Flow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Somebody who has taken over a function, and what they reach from there. */
@EndToEnd
class AttackerIT {
  private static final String FUNCTION = "order-processor";
  private static final String METADATA = "169.254.169.254";

  /** Ports at which a pod may listen without saying so. */
  private static final List<Integer> USUAL = List.of(22, 53, 80, 443, 8080, 8081, 8181, 9090, 9153);

  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private static Attacker attacker;

  @BeforeAll
  static void takeOver() {
    attacker = new Attacker(FUNCTION);
    var database =
        pods().stream()
            .filter(to -> to.toString().equals("postgres/pgbouncer:6432"))
            .findFirst()
            .orElseThrow();
    // Until the network policies know the pod, it is refused everything.
    assertThat(Lab.eventually(() -> attacker.reaches(database), reached -> reached)).isTrue();
  }

  @AfterAll
  static void leave() {
    attacker.close();
  }

  /**
   * The containers' ports of all pods, and the usual ones. Not of a Job's that have ended: another
   * pod may have their addresses by now.
   */
  private static List<Target> pods() {
    var targets = new ArrayList<Target>();
    for (var pod : Lab.objects("pods", "--all-namespaces")) {
      var address = pod.at("/status/podIP").stringValue("");
      if (!address.isEmpty()
          && !ENDED.contains(pod.at("/status/phase").stringValue())
          && !pod.at("/metadata/name").stringValue().equals(attacker.pod())) {
        var ports = new TreeSet<>(USUAL);
        for (var container : pod.at("/spec/containers")) {
          container.path("ports").forEach(port -> ports.add(port.get("containerPort").intValue()));
        }
        ports.forEach(port -> targets.add(new Target(Attacker.owner(pod), address, port)));
      }
    }
    return targets;
  }

  private static List<Target> services() {
    var targets = new ArrayList<Target>();
    for (var service : Lab.objects("services", "--all-namespaces")) {
      var address = service.at("/spec/clusterIP").stringValue("");
      if (!address.isEmpty() && !address.equals("None")) {
        var owner =
            service.at("/metadata/namespace").stringValue()
                + "/"
                + service.at("/metadata/name").stringValue();
        service
            .at("/spec/ports")
            .forEach(port -> targets.add(new Target(owner, address, port.get("port").intValue())));
      }
    }
    return targets;
  }

  private static Set<String> names(List<Target> targets) {
    return targets.stream().map(Target::toString).collect(Collectors.toSet());
  }

  /** What the stack's plan says that the function may connect to, and the name server. */
  @Test
  void reachesOnlyThePodsThatItsFunctionMay() throws IOException {
    var declared =
        Lab.plan().flows().stream()
            .filter(flow -> flow.from().equals("openfaas-fn/" + FUNCTION))
            .map(AttackerIT::target);

    assertThat(names(attacker.reaches(pods())))
        .isEqualTo(Stream.concat(declared, nameServers()).collect(Collectors.toSet()));
  }

  private static Stream<String> nameServers() {
    return Lab.objects("pods", "--namespace=kube-system", "--selector=k8s-app=kube-dns").stream()
        .map(pod -> Attacker.owner(pod) + ":53");
  }

  private static String target(Flow flow) {
    return flow.to() + ":" + flow.port();
  }

  @Test
  void reachesNoServiceButTheDatabaseAndTheNameServer() {
    assertThat(names(attacker.reaches(services())))
        .containsExactlyInAnyOrder("postgres/pgbouncer:6432", "kube-system/kube-dns:53");
  }

  @Test
  void reachesNoPortOfItsNode() {
    var gateway =
        attacker
            .python("print(open('/proc/net/route').read())")
            .lines()
            .map(line -> line.split("\\s+"))
            .filter(fields -> fields[1].equals("00000000"))
            .map(fields -> address(fields[2]))
            .findFirst()
            .orElseThrow();
    var targets =
        Stream.of(Lab.ADDRESS, gateway)
            .flatMap(
                node ->
                    Lab.listeningPorts().stream()
                        .map(port -> new Target("node " + node, node, port)))
            .toList();

    assertThat(attacker.reaches(targets)).isEmpty();
  }

  /** As the kernel writes it: hexadecimal, the last byte first. */
  private static String address(String hexadecimal) {
    var value = Integer.parseUnsignedInt(hexadecimal, 16);
    return "%d.%d.%d.%d"
        .formatted(value & 255, value >> 8 & 255, value >> 16 & 255, value >> 24 & 255);
  }

  @Test
  void reachesNeitherTheMetadataAddressNorAnythingOutside() throws IOException {
    Lab.inVps("ip", "address", "add", METADATA + "/32", "dev", "eth0");
    try (var outside = new ServerSocket(0, 5, InetAddress.getByName(Lab.OUTSIDE))) {
      assertThat(
              attacker.reaches(
                  List.of(
                      new Target("metadata", METADATA, 22),
                      new Target("metadata", METADATA, 80),
                      new Target("outside", Lab.OUTSIDE, outside.getLocalPort()))))
          .isEmpty();
    } finally {
      Lab.inVps("ip", "address", "del", METADATA + "/32", "dev", "eth0");
    }
  }

  @Test
  void writesNowhereButIntoItsScratchVolume() {
    var writable =
        attacker
            .python(
                """
                import os
                for folder, folders, files in os.walk('/'):
                    if folder in ('/proc', '/sys', '/dev'):
                        folders.clear()
                        continue
                    try:
                        open(os.path.join(folder, 'attacker'), 'w').close()
                        print(folder)
                    except OSError:
                        pass
                """)
            .lines()
            .toList();

    assertThat(writable).containsExactly("/tmp");
  }

  @Test
  void hasNoRightsAndGetsNone() {
    assertThat(
            attacker.python(
                """
                import ctypes, os, socket
                for line in open('/proc/self/status'):
                    if line.split(':')[0] in ('CapEff', 'CapPrm', 'CapBnd', 'NoNewPrivs', 'Seccomp'):
                        print(line.split(':')[0], line.split()[1])
                print('root', os.getuid() == 0 or os.getgid() == 0)
                libc = ctypes.CDLL(None, use_errno=True)
                print('user namespace', libc.unshare(0x10000000))
                print('mount', libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))
                for family, kind in ((socket.AF_INET, socket.SOCK_RAW), (17, socket.SOCK_RAW)):
                    try:
                        socket.socket(family, kind, 1)
                        print('raw socket')
                    except OSError as refused:
                        print(refused.strerror)
                """))
        .isEqualTo(
            """
            CapPrm 0000000000000000
            CapEff 0000000000000000
            CapBnd 0000000000000000
            NoNewPrivs 1
            Seccomp 2
            root False
            user namespace -1
            mount -1
            Operation not permitted
            Operation not permitted
            """);
  }

  @Test
  void seesNoFilesButItsOwn() {
    var own = new HashSet<String>();
    attacker
        .spec()
        .at("/containers/0/volumeMounts")
        .forEach(mount -> own.add(mount.get("mountPath").stringValue()));
    var mounted =
        attacker
            .python(
                """
                for line in open('/proc/mounts'):
                    print(line.split()[1])
                """)
            .lines()
            .filter(path -> !path.matches("/|/(proc|sys|dev)(/.*)?"))
            .filter(
                path -> !Set.of("/etc/hosts", "/etc/hostname", "/etc/resolv.conf").contains(path))
            .collect(Collectors.toSet());

    assertThat(mounted).isEqualTo(own);
    assertThat(own).noneMatch(path -> path.contains("serviceaccount"));
  }

  @Test
  void hasTheLoginOfItsOwnFunctionOnly() {
    var names =
        attacker
            .python("import os; print('\\n'.join(sorted(os.environ)))")
            .lines()
            .filter(name -> name.matches(".*(URL|PASS|TOKEN|SECRET|KEY|USER|CRED).*"))
            .toList();

    assertThat(names).containsExactly("DATABASE_URL");
    assertThat(
            attacker.python(
                "import os; print(os.environ['DATABASE_URL'].split('//')[1].split(':')[0])"))
        .startsWith("order_processor");
  }
}
