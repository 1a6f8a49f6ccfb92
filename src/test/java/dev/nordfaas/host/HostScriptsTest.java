package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.template.NodeScript;
import dev.nordfaas.template.Template;
import dev.nordfaas.testing.Node;
import dev.nordfaas.testing.Specs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostScriptsTest {
  @TempDir Path folder;
  private Node node;

  @BeforeEach
  void createNode() {
    node = new Node(folder).program("modprobe", "").program("sshd", "").program("swapoff", "");
  }

  @Nested
  class Files {
    private static final String SSHD = "/etc/ssh/sshd_config.d/10-nordfaas.conf";
    private final String bundle = HostFile.bundle(HostFiles.of(Specs.oslo()));

    @Test
    void writesEveryFileAsItIs() {
      var result = node.run(NodeScript.FILES.text(), bundle);

      assertThat(result.stderr()).isEmpty();
      assertThat(result.exitCode()).isZero();
      for (var file : HostFiles.of(Specs.oslo())) {
        assertThat(result.stdout()).contains("changed " + file.path() + "\n");
        assertThat(node.has(file.path())).as(file.path()).isTrue();
        assertThat(node.permissions(file.path())).isEqualTo("rw-r--r--");
      }
      assertThat(node.read(SSHD)).contains("PasswordAuthentication no\n");
    }

    @Test
    void changesNothingTheSecondTime() {
      node.run(NodeScript.FILES.text(), bundle);
      node.calls();

      var second = node.run(NodeScript.FILES.text(), bundle);

      assertThat(second.stdout()).isEmpty();
      assertThat(node.calls()).allMatch(call -> call.startsWith("id "));
    }

    @Test
    void tellsOnlyTheServicesWhoseFileHasChanged() {
      node.run(NodeScript.FILES.text(), bundle);
      node.calls();
      node.file("/run/systemd/system/x", "")
          .file("/etc/systemd/journald.conf.d/10-nordfaas.conf", "");

      node.run(NodeScript.FILES.text(), bundle);

      assertThat(node.calls()).containsExactly("systemctl restart systemd-journald.service");
    }

    @Test
    void loadsTheKernelModules() {
      node.run(NodeScript.FILES.text(), bundle);

      assertThat(node.calls())
          .contains("modprobe br_netfilter", "modprobe nf_conntrack", "modprobe overlay");
    }

    @Test
    void putsBackASshdFileThatSshdRefuses() {
      node.file(SSHD, "# before\n").program("sshd", "echo 'Bad SSH2 cipher spec' >&2; exit 255");

      var result = node.run(NodeScript.FILES.text(), bundle);

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo("sshd rejects %s, which was restored: Bad SSH2 cipher spec\n".formatted(SSHD));
      assertThat(node.read(SSHD)).isEqualTo("# before\n");
      assertThat(node.calls()).noneMatch(call -> call.contains("ssh.service"));
    }

    @Test
    void turnsSwapOffForGood() {
      node.file("/proc/swaps", "Filename Type\n/swap.img file\n")
          .file("/etc/fstab", "LABEL=root / ext4 defaults 0 1\n/swap.img none swap sw 0 0\n");

      node.run(NodeScript.FILES.text(), bundle);

      assertThat(node.calls()).contains("swapoff -a");
      assertThat(node.read("/etc/fstab"))
          .isEqualTo("LABEL=root / ext4 defaults 0 1\n#/swap.img none swap sw 0 0\n");
    }
  }

  @Nested
  class FilesOfTheUser {
    private static final String PATH = "/etc/cron.d/report";
    private final String with = bundle(Map.of(PATH, "  0 3 * * * root true"));
    private final String without = bundle(Map.of());

    private static String bundle(Map<String, String> files) {
      return HostFile.bundle(HostFiles.of(Specs.withExtras(Specs.oslo(), List.of(), files)));
    }

    @Test
    void areWritten() {
      assertThat(node.run(NodeScript.FILES.text(), with).stdout())
          .contains("changed " + PATH + "\n");

      assertThat(node.read(PATH)).isEqualTo("  0 3 * * * root true\n");
      assertThat(node.run(NodeScript.FILES.text(), with).stdout()).isEmpty();
    }

    @Test
    void areDeletedWhenTheyLeaveTheConfig() {
      node.run(NodeScript.FILES.text(), with);

      assertThat(node.run(NodeScript.FILES.text(), without).stdout())
          .isEqualTo("removed " + PATH + "\n");

      assertThat(node.has(PATH)).isFalse();
      assertThat(node.run(NodeScript.FILES.text(), without).stdout()).isEmpty();
    }

    @Test
    void stayWhereSomebodyHasChangedThem() {
      node.run(NodeScript.FILES.text(), with);
      node.file(PATH, "0 4 * * * root true\n");

      assertThat(node.run(NodeScript.FILES.text(), without).stdout())
          .isEqualTo(
              PATH + " is no longer in the stack config and stays, as it was changed by hand\n");

      assertThat(node.has(PATH)).isTrue();
    }
  }

  /** Locks of dpkg that another process takes, for real: as dpkg does, with fcntl. */
  @Nested
  class LockOfDpkg {
    /** Prints who holds a lock below the folder, as the kernel's own /proc/locks has it. */
    private String holder() throws IOException, InterruptedException {
      var script =
          Template.text("scripts/first-boot.sh").replace(" /var/", " " + folder + "/var/")
              + "package_lock_holder\n";
      var process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      return output;
    }

    /** APT_LOCK_FILES of cloud-init, cloudinit/distros/package_management/apt.py. */
    @ParameterizedTest
    @ValueSource(
        strings = {
          "/var/lib/dpkg/lock-frontend",
          "/var/lib/dpkg/lock",
          "/var/cache/apt/archives/lock",
          "/var/lib/apt/lists/lock"
        })
    void namesTheProcess(String path) throws IOException, InterruptedException {
      node.file(path, "");
      assertThat(holder()).isEmpty();
      try (var channel =
              FileChannel.open(folder.resolve(path.substring(1)), StandardOpenOption.WRITE);
          var held = channel.lock()) {
        assertThat(held.isValid()).isTrue();
        assertThat(holder())
            .matches("[^ ]+ \\(process %d\\)".formatted(ProcessHandle.current().pid()));
      }
      assertThat(holder()).isEmpty();
    }
  }

  @Nested
  class Modules {
    private static final String FORMER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFormer";
    private final String base = UserData.base(Specs.oslo());
    private final String key =
        Specs.oslo().host().authorizedKeys().get(0).text().replaceFirst(" [^ ]*$", "");

    @BeforeEach
    void describeTheHost() {
      node.program("dpkg-query", "[ ! -e \"$ROOT/missing-$4\" ] && printf installed")
          .program("readlink", "cat \"$ROOT/zone\"")
          .program("getent", "echo \"$2:x:1000:1000::$ROOT/home:/bin/bash\"")
          .program(
              "cloud-init",
              """
              grep -q 'package_upgrade: false' "$3" || exit 1
              case $6 in
                timezone) echo /usr/share/zoneinfo/Europe/Oslo >"$ROOT/zone" ;;
                package_update_upgrade_install) rm "$ROOT/missing-nftables" ;;
                users_groups) sed -n 's/^ *- "\\(ssh-.*\\)"$/\\1/p' "$3" >>"$ROOT/home/.ssh/authorized_keys" ;;
              esac
              """)
          .file("/zone", "/usr/share/zoneinfo/Europe/Oslo\n")
          .file("/home/.ssh/authorized_keys", "ssh-rsa AAAA another\n" + key + " renamed\n");
    }

    @Test
    void runsNothingWhereNothingDiffers() {
      var result = node.run(NodeScript.MODULES.text(), base);

      assertThat(result).isEqualTo(new Node.Result(0, "", ""));
      assertThat(node.calls()).noneMatch(call -> call.startsWith("cloud-init"));
    }

    @Test
    void runsOnlyTheModulesOfWhatDiffers() {
      node.file("/zone", "/usr/share/zoneinfo/Etc/UTC\n").file("/missing-nftables", "");

      assertThat(node.run(NodeScript.MODULES.text(), base).stdout())
          .isEqualTo("changed timezone\nchanged packages\n");

      assertThat(node.calls().stream().filter(call -> call.startsWith("cloud-init")))
          .allMatch(call -> call.matches("cloud-init --force --file /tmp/.* --frequency always"))
          .extracting(call -> call.replaceAll(".*--name ([a-z_]+) .*", "$1"))
          .containsExactly("timezone", "package_update_upgrade_install");
      assertThat(node.run(NodeScript.MODULES.text(), base).stdout()).isEmpty();
    }

    @Test
    void addsAKeyAndKeepsThoseOfOthers() {
      node.file("/home/.ssh/authorized_keys", "ssh-rsa AAAA another\n");

      assertThat(node.run(NodeScript.MODULES.text(), base).stdout()).isEqualTo("changed keys\n");

      assertThat(node.read("/home/.ssh/authorized_keys"))
          .startsWith("ssh-rsa AAAA another\n")
          .contains(key);
    }

    @Test
    void takesAwayAKeyThatHasLeftTheConfig() {
      node.run(NodeScript.MODULES.text(), withFormerKey());

      assertThat(node.run(NodeScript.MODULES.text(), base).stdout()).isEqualTo("removed keys\n");

      assertThat(node.read("/home/.ssh/authorized_keys"))
          .startsWith("ssh-rsa AAAA another\n" + key)
          .doesNotContain(FORMER);
      assertThat(node.run(NodeScript.MODULES.text(), base)).isEqualTo(new Node.Result(0, "", ""));
    }

    @Test
    void takesNoKeyAwayThatTheConnectionWasMadeWith() {
      node.run(NodeScript.MODULES.text(), withFormerKey());
      var before = node.read("/home/.ssh/authorized_keys");
      node.file("/var/lib/auth-info", "publickey " + FORMER + "\n");

      var script = "export SSH_USER_AUTH=/var/lib/auth-info\n" + NodeScript.MODULES.text();
      var result = node.run(script, base);

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .startsWith("keys: this connection was made with a key that host.authorizedKeys no")
          .contains("no key was taken away");
      assertThat(node.read("/home/.ssh/authorized_keys")).isEqualTo(before).contains(FORMER);
    }

    private String withFormerKey() {
      var line = base.lines().filter(text -> text.contains(key)).findFirst().orElseThrow();
      return base.replace(line, line + "\n" + line.replace(key, FORMER));
    }

    @Test
    void installsThePackagesOfTheUser() {
      node.file("/missing-htop", "")
          .program("cloud-init", "grep -q '\"htop\"' \"$3\" && rm \"$ROOT/missing-htop\"");
      var more = UserData.base(Specs.withExtras(Specs.oslo(), List.of("htop"), Map.of()));

      assertThat(node.run(NodeScript.MODULES.text(), more).stdout())
          .isEqualTo("changed packages\n");
      assertThat(node.run(NodeScript.MODULES.text(), more).stdout()).isEmpty();
    }

    /** cloud-init gives up after 30 s (APT_LOCK_WAIT_TIMEOUT in cloudinit/distros/debian.py). */
    @Test
    void waitsAgainForWhoeverTakesTheLockInBetween() throws IOException {
      var lock = folder.resolve("var/lib/dpkg/lock-frontend");
      node.file("/var/lib/dpkg/lock-frontend", "");
      node.file("/proc/812/comm", "unattended-upgr\n")
          .file("/proc/locks", "\n")
          .file("/missing-nftables", "")
          .file("/run/locked", lockLine(lock, 812))
          .program(
              "cloud-init",
              """
              if [ -e "$ROOT/run/locked" ]; then
                mv "$ROOT/run/locked" "$ROOT/proc/locks"
                echo 'Could not get apt lock' >&2
                exit 1
              fi
              rm "$ROOT/missing-nftables"
              """)
          .program("sleep", "echo >\"$ROOT/proc/locks\"");

      var result = node.run(NodeScript.MODULES.text(), base);

      assertThat(result)
          .isEqualTo(
              new Node.Result(
                  0,
                  "changed packages\n",
                  "waiting for unattended-upgr (process 812), which holds dpkg's lock (0 s of at"
                      + " most 600 s)\n"));
    }

    private static String lockLine(Path file, int process) throws IOException {
      var device = ((Number) java.nio.file.Files.getAttribute(file, "unix:dev")).longValue();
      return "1: POSIX  ADVISORY  WRITE %d %02x:%02x:%s 0 EOF\n"
          .formatted(
              process,
              device >> 8 & 0xfff,
              device & 0xff | device >> 12 & 0xfff00,
              java.nio.file.Files.getAttribute(file, "unix:ino"));
    }

    @Test
    void saysWhatCloudInitSaysWhenItFails() {
      node.file("/zone", "/usr/share/zoneinfo/Etc/UTC\n")
          .program("cloud-init", "echo 'Invalid timezone' >&2; exit 1");

      var result = node.run(NodeScript.MODULES.text(), base);

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo("timezone: cloud-init could not change it: Invalid timezone\n");
    }

    @Test
    void noticesWhenCloudInitHasDoneNothing() {
      node.file("/zone", "/usr/share/zoneinfo/Etc/UTC\n").program("cloud-init", "");

      assertThat(node.run(NodeScript.MODULES.text(), base).stderr())
          .startsWith("timezone: cloud-init ran, and still it is not what");
    }
  }
}
