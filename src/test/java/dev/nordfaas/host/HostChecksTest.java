package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.plan.Plan;
import dev.nordfaas.template.NodeScript;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.FreshHost;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.Node;
import dev.nordfaas.testing.Specs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What a host is checked for before it is touched: by up, and by the doctor. */
class HostChecksTest {
  private static final String ADDRESS = "the one of these that the other nodes can reach";

  @TempDir Path folder;
  private Node node;
  private final String wanted =
      ExpectedFacts.render(Specs.oslo(), Plan.of(Fixtures.oslo()).hostNeeds());

  @BeforeEach
  void createNode() {
    node = FreshHost.describe(new Node(folder)).program("sleep", "");
  }

  /** What is not as it should be: level, check, text and fix. */
  private List<String> findings() {
    return findings(wanted);
  }

  private List<String> findings(String config) {
    var result = node.run(NodeScript.DOCTOR.text(), config);
    assertThat(result.stderr()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.stdout()).startsWith("clock\t").endsWith("\nend\n");
    return result
        .stdout()
        .lines()
        .filter(line -> line.matches("(problem|warning)\t.*"))
        .map(line -> line.replace("\t", " | "))
        .toList();
  }

  private String ok(String check) {
    return node.run(NodeScript.DOCTOR.text(), wanted)
        .stdout()
        .lines()
        .filter(line -> line.startsWith("ok\t" + check + "\t"))
        .map(line -> line.split("\t")[2])
        .findFirst()
        .orElse("");
  }

  private Node.Result facts() {
    return node.run(NodeScript.FACTS.text(), wanted);
  }

  private void makeOurs() {
    node.file("/var/lib/nordfaas/k3s/role", "server");
  }

  @Test
  void whatTheConfigAsksForIsPlain() {
    Golden.assertMatches("host/oslo-1.checks.txt", wanted);
  }

  @Nested
  class OfUp {
    @Test
    void printsWhatTheHostIs() {
      var result = facts();

      assertThat(result.stderr()).isEmpty();
      assertThat(new JsonMapper().readTree(result.stdout()))
          .isEqualTo(
              new JsonMapper()
                  .readTree(
                      """
                      {
                        "os": "debian 12",
                        "kernel": "6.1.0-31-amd64",
                        "architecture": "x86_64",
                        "vcpu": 8,
                        "memoryBytes": 33662640128,
                        "diskBytes": 394240000000
                      }
                      """));
    }

    @Test
    void failsWithAllProblemsAndTheirFixes() {
      node.program("getconf", "echo 7").file("/proc/meminfo", "MemTotal: 16000000 kB\n");

      var result = facts();

      assertThat(result)
          .isEqualTo(
              new Node.Result(
                  1,
                  "",
                  """
                  Host oslo-1 is not ready, and nothing was changed:
                    vcpu: wanted 8, found 7; order what nodes.oslo-1.vcpu says, or set that to what there is
                    memory: wanted 32Gi, found 15.3Gi; order what nodes.oslo-1.memory says, or set that to what there is
                  """));
    }

    @Test
    void goesOnWhereThereAreOnlyWarnings() {
      node.program("timedatectl", "echo no");

      var result = facts();

      assertThat(result.exitCode()).isZero();
      assertThat(result.stderr())
          .isEqualTo(
              """
              Of host oslo-1:
                time: the clock is not synchronized yet; wait a minute; if that does not help, allow outgoing UDP port 123 to host.ntpServers
              """);
    }

    @Test
    void waitsForTheFirstBootAndSaysSoEvery30Seconds() {
      node.file("/run/boots", "xxxxxxxx\n")
          .program(
              "cloud-init",
              """
              sed -i s/^x// "$ROOT/run/boots"
              if grep -q x "$ROOT/run/boots"; then echo 'status: running'; else echo 'status: done'; fi
              """);

      var result = facts();

      assertThat(result.exitCode()).isZero();
      assertThat(result.stderr())
          .isEqualTo(
              """
              waiting for cloud-init, which is running the first boot (0 s of at most 600 s)
              waiting for cloud-init, which is running the first boot (30 s of at most 600 s)
              """);
    }

    @Test
    void givesUpOnAFirstBootThatDoesNotEnd() {
      node.program("cloud-init", "echo 'status: running'");

      var result = facts();

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .endsWith(
              "waited 600 s for cloud-init, which is running the first boot. See what it does"
                  + " ('cloud-init status --long', 'ps -ef'), then run 'pulumi up' again\n");
      assertThat(node.calls()).filteredOn(call -> call.equals("sleep 5")).hasSize(120);
    }

    @Test
    void waitsForWhoeverHoldsTheLockOfDpkg() throws IOException {
      holdLock("/var/lib/dpkg/lock-frontend");
      node.program("sleep", "echo >\"$ROOT/proc/locks\"");

      var result = facts();

      assertThat(result.exitCode()).isZero();
      assertThat(result.stderr())
          .isEqualTo(
              "waiting for apt-get (process 812), which holds dpkg's lock (0 s of at most 600"
                  + " s)\n");
    }

    @Test
    void doesNotWaitForACloudInitThatNeverRuns() {
      node.program("cloud-init", "echo 'status: not run'").program("systemctl", "echo running");

      assertThat(facts().stderr()).isEmpty();
      assertThat(node.calls()).doesNotContain("sleep 5");
    }

    @Test
    void waitsForACloudInitThatHasNotStartedYet() {
      node.program("cloud-init", "echo 'status: not started'")
          .program("systemctl", "[ -e \"$ROOT/run/up\" ] && echo running || echo starting")
          .program("sleep", ": >\"$ROOT/run/up\"");

      assertThat(facts().stderr())
          .startsWith("waiting for cloud-init, which is running the first boot (0 s");
    }
  }

  @Nested
  class OfTheDoctor {
    @Test
    void hasNothingToSayOfAFreshHost() {
      assertThat(findings()).isEmpty();
      assertThat(
              node.run(NodeScript.DOCTOR.text(), wanted)
                  .stdout()
                  .replaceFirst("clock\t[0-9]+\n", "")
                  .replace("\t\n", "\n"))
          .isEqualTo(
              """
              ok	os	Debian GNU/Linux 12 (bookworm)
              ok	kernel	Linux 6.1.0-31-amd64, amd64
              ok	virtualization	kvm
              ok	cgroups	v2 with cpu, cpuset, memory, pids
              ok	modules	br_netfilter, nf_conntrack, overlay, nf_tables, ip_set, vxlan
              ok	vcpu	8
              ok	memory	31.4Gi of 32Gi
              ok	disk	394.2G of 400G
              ok	address	192.0.2.10 is on an interface
              ok	time	synchronized
              ok	cloud-init	done
              ok	dpkg	its lock is free
              ok	restart	not due
              ok	ports	80,443,2379-2382,6443-6444,8472,10010,10248-10259,30000-32767 are free
              ok	software	no other Kubernetes, Docker or containerd
              ok	reach	ghcr.io, github.com, registry-1.docker.io, registry.k8s.io
              end
              """);
    }

    @Test
    void changesNothing() throws IOException {
      var before = contents();

      findings();

      assertThat(contents()).isEqualTo(before);
      assertThat(node.calls()).noneMatch(call -> call.matches("(systemctl (?!is-)|apt|nft).*"));
    }

    private TreeMap<String, String> contents() throws IOException {
      var contents = new TreeMap<String, String>();
      try (var files = Files.walk(folder)) {
        for (var file : files.filter(it -> !folder.equals(it.getParent())).toList()) {
          contents.put(file.toString(), Files.isDirectory(file) ? "" : Files.readString(file));
        }
      }
      return contents;
    }

    @Test
    void doesNotWait() {
      node.program("cloud-init", "echo 'status: running'");

      assertThat(findings())
          .containsExactly(
              "warning | cloud-init | the first boot is still running"
                  + " | nothing: 'up' waits for it, for 10 minutes at most");
      assertThat(node.calls()).doesNotContain("sleep 5");
    }
  }

  @Test
  void namesAnotherSystem() {
    node.file("/etc/os-release", "ID=alpine\nVERSION_ID=3.22\nPRETTY_NAME=\"Alpine Linux 3.22\"\n");

    assertThat(findings())
        .containsExactly(
            "problem | os | wanted Ubuntu 24.04 or Debian 12, found Alpine Linux 3.22"
                + " | install one of the two");
  }

  @Test
  void namesAnOldKernel() {
    node.program("uname", "[ \"$1\" = -m ] && echo x86_64 || echo 5.4.0-200-generic")
        .file("/lib/modules/5.4.0-200-generic/modules.builtin", "nf_tables.ko\n")
        .program("modprobe", "");

    assertThat(findings())
        .containsExactly(
            "problem | kernel | Linux 5.4.0-200-generic is older than 5.8, which Kubernetes needs"
                + " for cgroup v2 | install the system's own kernel; a container has its"
                + " provider's: order a virtual machine (KVM)");
  }

  @Test
  void namesAnArchitectureThatK3sIsNotThereFor() {
    node.program("uname", "[ \"$1\" = -m ] && echo aarch64 || echo 6.1.0-31-amd64");

    assertThat(findings(wanted.replace("architecture arm64\n", "")))
        .containsExactly(
            "problem | kernel | wanted amd64, found arm64 | order a VPS with such a CPU, or set"
                + " k3s.sha256.arm64 and k3s.airGap to the files for arm64");
  }

  @Test
  void namesAnOpenVzContainer() {
    node.program("systemd-detect-virt", "echo openvz");

    assertThat(findings())
        .containsExactly(
            "problem | virtualization | an OpenVZ container, which has no kernel of its own"
                + " | order a virtual machine (KVM)");
  }

  @Test
  void warnsOfAnotherContainer() {
    node.program("systemd-detect-virt", "echo lxc");

    assertThat(findings())
        .containsExactly(
            "warning | virtualization | a container (lxc), in which K3s needs more than most"
                + " providers allow | order a virtual machine (KVM); what this one lacks is named"
                + " below");
  }

  @Test
  void namesControllersThatAreMissing() {
    node.file("/sys/fs/cgroup/cgroup.controllers", "cpu io memory\n");

    assertThat(findings())
        .containsExactly(
            "problem | cgroups | v2 without cpuset, pids | remove cgroup_disable from the kernel's"
                + " command line; in a container, have the provider delegate them");
  }

  @Test
  void warnsOfCgroupV1() {
    node.delete("/sys/fs/cgroup/cgroup.controllers")
        .file(
            "/proc/cgroups",
            "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t1\t1\ncpu\t1\t1\t1\n"
                + "memory\t4\t47\t1\npids\t8\t1\t1\n");

    assertThat(findings())
        .containsExactly(
            "warning | cgroups | v1, which Kubernetes drops with 1.35 | remove"
                + " systemd.unified_cgroup_hierarchy=0 from the kernel's command line, and"
                + " reboot");
  }

  @Test
  void namesControllersThatAreDisabledInCgroupV1() {
    node.delete("/sys/fs/cgroup/cgroup.controllers")
        .file(
            "/proc/cgroups",
            "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t1\t1\ncpu\t1\t1\t1\n"
                + "memory\t0\t47\t0\npids\t8\t1\t1\n");

    assertThat(findings()).singleElement().asString().contains("cgroups | v1 without memory |");
  }

  @Test
  void namesMissingModules() {
    node.file("/proc/modules", "").program("modprobe", "exit 1");

    assertThat(findings())
        .containsExactly(
            "problem | modules | the kernel has no br_netfilter, vxlan | install the system's own"
                + " kernel (linux-image-amd64 on Debian, linux-image-virtual on Ubuntu), and"
                + " reboot");
  }

  @Test
  void cannotTellModulesWithoutTheirFolder() {
    node.delete("/lib/modules/6.1.0-31-amd64/modules.builtin")
        .delete("/lib/modules/6.1.0-31-amd64")
        .program("modprobe", "exit 1");

    assertThat(findings())
        .containsExactly(
            "warning | modules | cannot tell whether the kernel has br_netfilter, nf_tables,"
                + " ip_set: there is no /lib/modules/6.1.0-31-amd64 | in a container, have the"
                + " provider load them; on a machine, install the packages of the running kernel");
  }

  @Test
  void namesAMissingKernelLog() {
    node.program("id", "echo 0").delete("/dev/kmsg");

    assertThat(findings())
        .containsExactly(
            "problem | sysctls | there is no /dev/kmsg, and the kubelet does not start without it |"
                + " this is a container: have the provider pass it on, or order a virtual machine"
                + " (KVM)");
  }

  @Test
  void namesADiskThatIsTooSmall() {
    node.program("df", "echo Filesystem; echo /dev/vda1 100000000 1 1 1% /");

    assertThat(findings())
        .containsExactly(
            "problem | disk | wanted 400G, found 102.4G"
                + " | order what nodes.oslo-1.disk says, or set that to what there is");
  }

  @Nested
  class Address {
    @Test
    void namesNat() {
      node.program("ip", "echo '2: eth0    inet 10.0.0.5/24 scope global eth0'");

      assertThat(findings())
          .containsExactly(
              "problem | address | 192.0.2.10 is not an address of this host, which has 10.0.0.5: NAT"
                  + " | set nodes.oslo-1.privateAddress to "
                  + ADDRESS);
    }

    @Test
    void takesNatWhereTheOtherAddressIsThere() {
      node.program("ip", "echo '2: eth0    inet 10.0.0.5/24 scope global eth0'");

      assertThat(findings(wanted.replace("nodeAddress 192.0.2.10", "nodeAddress 10.0.0.5")))
          .isEmpty();
    }

    @Test
    void namesAPrivateAddressThatIsNotThere() {
      assertThat(findings(wanted.replace("nodeAddress 192.0.2.10", "nodeAddress 10.0.0.5")))
          .containsExactly(
              "problem | address | 10.0.0.5 is not an address of this host, which has 192.0.2.10"
                  + " | set nodes.oslo-1.privateAddress to "
                  + ADDRESS);
    }

    @Test
    void takesAName() {
      assertThat(
              findings(
                  wanted
                      .replace("nodeAddress 192.0.2.10\n", "")
                      .replace("address 192.0.2.10", "address vps.example.no")))
          .isEmpty();
    }
  }

  @Test
  void warnsWhereNothingSetsTheClock() {
    node.program("timedatectl", "exit 1");

    assertThat(findings())
        .containsExactly(
            "warning | time | timedatectl does not report whether the clock is synchronized"
                + " | see 'timedatectl' on the host");
  }

  @Test
  void saysWithWhatErrorTheFirstBootEnded() {
    // The layout of cloudinit/cmd/main.py: json.dumps with indent=1.
    node.program("cloud-init", "echo 'status: error'; exit 1")
        .file(
            "/run/cloud-init/result.json",
            """
            {
             "v1": {
              "datasource": "DataSourceNoCloud [seed=/dev/vdb]",
              "errors": [
               "('package_update_upgrade_install', ProcessExecutionError('no network'))"
              ]
             }
            }
            """);

    assertThat(findings())
        .containsExactly(
            "warning | cloud-init | the first boot ended with an error:"
                + " \"('package_update_upgrade_install', ProcessExecutionError('no network'))\" |"
                + " see 'cloud-init status --long' and /var/log/cloud-init.log; 'up' goes on"
                + " without it");
  }

  @Test
  void namesTheHolderOfTheLock() throws IOException {
    holdLock("/var/lib/apt/lists/lock");

    assertThat(findings())
        .containsExactly(
            "warning | dpkg | apt-get (process 812) holds its lock"
                + " | nothing: 'up' waits for it, for 10 minutes at most");
  }

  /** As /proc/locks of the kernel has it: device as two hexadecimal numbers, and inode. */
  private void holdLock(String path) throws IOException {
    node.file(path, "").file("/proc/812/comm", "apt-get\n");
    var file = folder.resolve(path.substring(1));
    var device = ((Number) Files.getAttribute(file, "unix:dev")).longValue();
    var inode = Files.getAttribute(file, "unix:ino");
    node.file(
        "/proc/locks",
        "1: FLOCK  ADVISORY  WRITE 411 00:18:600 0 EOF\n2: POSIX  ADVISORY  WRITE 812 %02x:%02x:%s 0 EOF\n"
            .formatted(device >> 8 & 0xfff, device & 0xff | device >> 12 & 0xfff00, inode));
  }

  @Nested
  class Ports {
    private static final String NGINX =
        """
        echo 'tcp   LISTEN 0      511          0.0.0.0:80        0.0.0.0:*    users:(("nginx",pid=701,fd=6),("nginx",pid=700,fd=6))'
        echo 'tcp   LISTEN 0      511             [::]:80           [::]:*    users:(("nginx",pid=701,fd=7),("nginx",pid=700,fd=7))'
        """;

    @Test
    void namesWhoHasTakenThem() {
      node.program(
              "ss",
              NGINX
                  + """
                  echo 'tcp   LISTEN 0      4096       127.0.0.1:2379      0.0.0.0:*    users:(("etcd",pid=512,fd=8))'
                  echo 'tcp   LISTEN 0      128          0.0.0.0:5432      0.0.0.0:*    users:(("postgres",pid=9,fd=8))'
                  echo 'udp   UNCONN 0      0            0.0.0.0:8472      0.0.0.0:*'
                  """)
          .file("/proc/701/cgroup", "0::/system.slice/nginx.service\n");

      assertThat(findings())
          .containsExactlyInAnyOrder(
              "problem | ports | tcp port 80 is taken by nginx (process 701)"
                  + " | systemctl disable --now nginx.service",
              "problem | ports | tcp port 2379 is taken by etcd (process 512)" + " | disable etcd",
              "problem | ports | udp port 8472 is taken"
                  + " | find the program with 'ss -lntup', and disable it");
    }

    @Test
    void ofThisStackDoNotCount() {
      makeOurs();
      node.program(
              "ss",
              """
              echo 'tcp   LISTEN 0      4096               *:6443            *:*    users:(("k3s-server",pid=900,fd=12))'
              echo 'tcp   LISTEN 0      4096       127.0.0.1:10010     0.0.0.0:*    users:(("containerd",pid=950,fd=9))'
              echo 'tcp   LISTEN 0      4096         0.0.0.0:443       0.0.0.0:*    users:(("caddy",pid=1200,fd=9))'
              echo 'udp   UNCONN 0      0            0.0.0.0:8472      0.0.0.0:*'
              """)
          .file("/proc/1200/cgroup", "0::/kubepods/burstable/pod1/2\n");

      assertThat(findings()).isEmpty();
      assertThat(ok("ports")).isEqualTo("used only by this stack");
      assertThat(facts().exitCode()).isZero();
    }

    @Test
    void ofOthersCountBesideThisStack() {
      makeOurs();
      node.program("ss", NGINX).file("/proc/701/cgroup", "0::/system.slice/nginx.service\n");

      assertThat(findings()).singleElement().asString().contains("taken by nginx (process 701)");
    }
  }

  @Nested
  class Restart {
    private static final String FIX = " | see 'Restart a node' in docs/runbook.md";

    @Test
    void isDueForAnInstalledKernelThatDoesNotRun() {
      for (var version : List.of("6.1.0-9-amd64", "6.1.0-31-amd64", "6.1.0-32-amd64")) {
        node.file("/boot/vmlinuz-" + version, "");
      }

      assertThat(findings())
          .containsExactly(
              "warning | restart | is due: Linux 6.1.0-32-amd64 is installed, and 6.1.0-31-amd64 is"
                  + " running"
                  + FIX);
    }

    @Test
    void isNotDueForAKernelOfAnotherKind() {
      for (var version : List.of("6.1.0-31-amd64", "6.1.0-40-cloud-amd64", "6.9.7+bpo-amd64")) {
        node.file("/boot/vmlinuz-" + version, "");
      }

      assertThat(findings()).isEmpty();
    }

    @Test
    void isNotDueWhereTheKernelComesFromOutside() {
      node.file("/boot/vmlinuz-6.1.0-40-amd64", "");

      assertThat(findings()).isEmpty();
    }

    @Test
    void isDueWhenAPackageAsksForIt() {
      node.file("/run/reboot-required", "*** System restart required ***\n")
          .file("/run/reboot-required.pkgs", "linux-base\nlibc6\nlibc6\n");

      assertThat(findings())
          .containsExactly(
              "warning | restart | is due: an update of libc6, linux-base takes effect with it"
                  + FIX);
    }

    @Test
    void isNoReasonForUpToStop() {
      node.file("/run/reboot-required", "");

      var result = facts();

      assertThat(result.exitCode()).isZero();
      assertThat(result.stderr())
          .isEqualTo(
              """
              Of host oslo-1:
                restart: is due: an update of a package takes effect with it; see 'Restart a node' in docs/runbook.md
              """);
    }
  }

  @Nested
  class OfTheFirewall {
    @BeforeEach
    void applyFirewall() {
      node.program("id", "echo 0").file(Firewall.PATH, "");
    }

    @Test
    void saysThatItIsLoaded() {
      node.program("nft", "");

      assertThat(findings()).isEmpty();
      assertThat(ok("firewall")).isEqualTo("loaded");
    }

    @Test
    void warnsIfItIsNot() {
      node.program("nft", "echo 'Error: No such file or directory' >&2; exit 1");

      assertThat(findings())
          .containsExactly(
              "warning | firewall | not loaded, and K3s does not start without it | tools/stack up"
                  + " STACK --refresh; 'systemctl status nordfaas-firewall' says what was wrong at"
                  + " boot");
    }
  }

  @Nested
  class Software {
    @Test
    void namesAnotherK3s() {
      node.file("/etc/systemd/system/k3s.service", "[Unit]\nDescription=Lightweight Kubernetes\n")
          .executable("/usr/local/bin/k3s", "");

      assertThat(findings())
          .containsExactly(
              "problem | software | K3s is installed, but not by this project |"
                  + " keep it, and set k3s.existing (docs/adopting.md); or"
                  + " /usr/local/bin/k3s-uninstall.sh or k3s-agent-uninstall.sh, which deletes its"
                  + " data; or a fresh disk");
    }

    @Test
    void knowsTheUnitOfOurInstaller() {
      node.file(
              "/etc/systemd/system/k3s-agent.service",
              "# Written by nordfaas-k3s-install; changes are overwritten.\n[Unit]\n")
          .executable("/usr/local/bin/k3s", "");

      assertThat(findings()).isEmpty();
    }

    @Test
    void namesRke2AndKubeadm() {
      node.file("/etc/kubernetes/kubelet.conf", "").file("/etc/rancher/rke2/config.yaml", "");

      assertThat(findings())
          .containsExactly(
              "problem | software | a kubeadm Kubernetes is installed | kubeadm reset, which deletes"
                  + " its data, and remove its packages; or a fresh disk",
              "problem | software | RKE2 is installed"
                  + " | /usr/local/bin/rke2-uninstall.sh, which deletes its data; or a fresh disk");
    }

    @Test
    void namesDockerAndItsContainerd() {
      node.file("/run/docker.sock", "").file("/run/containerd/containerd.sock", "");

      assertThat(findings())
          .containsExactly(
              "problem | software | Docker is running, and its firewall rules cut pods off | apt-get"
                  + " purge docker-ce docker.io containerd.io, and reboot; or a fresh disk",
              "warning | software | a containerd other than K3s' is running, and only costs"
                  + " memory | systemctl disable --now containerd");
    }
  }

  @Nested
  class Reach {
    private static final String FIX =
        " | allow outgoing TCP port 443; or set a mirror (k3s.registries), or provide files"
            + " (k3s.airGap)";

    @Test
    void saysWhyARegistryIsOutOfReach() {
      node.program(
          "curl",
          """
          for url; do :; done
          case $url in
            *ghcr*) echo 'curl: (6) Could not resolve host: ghcr.io' >&2; printf 000; exit 6 ;;
            */v2/) printf 401 ;;
            *) printf 404 ;;
          esac
          """);

      assertThat(findings())
          .containsExactly(
              "problem | reach | https://ghcr.io/v2/: Could not resolve host: ghcr.io" + FIX,
              "problem | reach |"
                  + " https://github.com/k3s-io/k3s/releases/latest/download/sha256sum-amd64.txt:"
                  + " HTTP status 404"
                  + FIX);
    }

    @Test
    void isOnlyAWarningOnAHostThatRuns() {
      makeOurs();
      node.program("curl", "echo 'curl: (28) Connection timed out' >&2; printf 000; exit 28");

      assertThat(findings()).hasSize(4).allMatch(line -> line.startsWith("warning | reach | "));
    }

    @Test
    void isNotAskedWhereEverythingComesAsFiles() {
      node.program("curl", "exit 7");

      assertThat(findings(wanted.replaceAll("(registry|download) .*\n", ""))).isEmpty();
    }

    @Test
    void needsTheInstallerOfTheConfig() {
      assertThat(findings("installer /usr/local/bin/gone\n" + wanted))
          .containsExactly(
              "problem | reach | there is no /usr/local/bin/gone, which k3s.installer names"
                  + " | put it there, or remove k3s.installer from the config");
    }
  }
}
