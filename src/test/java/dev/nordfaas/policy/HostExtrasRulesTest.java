package dev.nordfaas.policy;

import static dev.nordfaas.config.check.RuleCheck.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.nordfaas.host.HostFiles;
import dev.nordfaas.testing.Specs;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostExtrasRulesTest {
  private static String file(String path, String content) {
    return "set: {'nordfaas:host.files[\"%s\"]': \"%s\"}".formatted(path, content);
  }

  @Test
  void allowsWhatDisturbsNothing() {
    assertThat(
            problems(
                new HostExtrasRule(),
                "set: {nordfaas:host.packages: [htop, libstdc++6, fail2ban]}"))
        .isEmpty();
    assertThat(problems(new HostExtrasRule(), file("/etc/cron.d/report", "0 3 * * * root true")))
        .isEmpty();
    assertThat(problems(new HostExtrasRule(), file("/opt/report/run.sh", "true"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ufw | writes firewall rules against those of nordfaas; use host.firewall
          firewalld | writes firewall rules against those of nordfaas; use host.firewall
          iptables-persistent | writes firewall rules against those of nordfaas; use host.firewall
          docker.io | runs containers beside K3s, and its rules cut pods off; remove it
          containerd | runs containers beside K3s, and its rules cut pods off; remove it
          chrony | replaces systemd-timesyncd, which sets the clock; use host.ntpServers
          kubelet | is of another Kubernetes than K3s; remove it
          nginx | listens on port 80, which the edge takes; run it as a function
          htop- | would remove the package for apt; write a name without it
          """)
  void refusesPackagesThatFightWithThePlatform(String name, String problem) {
    assertThat(
            problems(
                new HostExtrasRule(), "set: {nordfaas:host.packages: [htop, %s]}".formatted(name)))
        .containsExactly("host.packages[1]: %s %s".formatted(name, problem));
  }

  @ParameterizedTest
  @ValueSource(strings = {"htop=3.2.2-2", "Htop", "h", "htop/stable", "-y", "htop curl"})
  void refusesWhatIsNoPackage(String name) {
    assertThat(
            problems(
                (config, plan, found) -> {},
                "set: {nordfaas:host.packages: ['%s']}".formatted(name)))
        .containsExactly(
            "host.packages[0]: \"%s\" is not valid; use the name of a Debian package without a version, such as htop"
                .formatted(name));
  }

  @Test
  void refusesEveryPathThatThePlatformWrites() {
    assertThat(HostFiles.pathsOfPlatform(Specs.oslo()))
        .contains("/etc/sysctl.d/99-serverless-tuning.conf", "/etc/nordfaas/firewall.nft")
        .allSatisfy(
            path ->
                assertThat(problems(new HostExtrasRule(), file(path, "x")))
                    .containsExactly(
                        "host.files[\"%1$s\"]: %1$s is written by nordfaas; choose another path"
                            .formatted(path)
                            .replace(
                                "[\"" + path + "\"]",
                                path.contains(".") ? "[\"" + path + "\"]" : "." + path)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /etc/ssh/sshd_config | decides who gets in; use ssh and host.authorizedKeys
          /root/.ssh/authorized_keys | decides who gets in; use host.authorizedKeys
          /etc/sudoers.d/90-ola | decides who becomes root; remove it
          /etc/rancher/k3s/config.yaml | belongs to K3s; use k3s.extraConfig
          /etc/nftables.conf | is loaded beside the rules of nordfaas; use host.firewall
          /etc/sysctl.d/10-ours.conf | would set sysctls beside those of nordfaas; use host.sysctls
          /run/ours.conf | does not outlive a restart; use /etc, /opt or /usr/local/share
          /etc/systemd/system/k3s.service.d/ours.conf | belongs to K3s; remove it
          """)
  void refusesPathsThatMakeTheHostANode(String path, String problem) {
    assertThat(problems(new HostExtrasRule(), file(path, "x")))
        .containsExactly(
            "host.files%s: %s %s"
                .formatted(path.contains(".") ? "[\"" + path + "\"]" : "." + path, path, problem));
  }

  @ParameterizedTest
  @ValueSource(strings = {"etc/x", "/etc/../x", "/etc/./x", "/etc/x/", "/etc//x", "/etc/a b", "/"})
  void refusesWhatIsNoPath(String path) {
    assertThat(problems((config, plan, found) -> {}, file(path, "x")))
        .singleElement(STRING)
        .endsWith(
            ": the name \"%s\" is not valid; use an absolute path of a file, such as /etc/cron.d/report"
                .formatted(path));
  }

  @Test
  void refusesAFileThatIsTheFolderOfAnother() {
    assertThat(
            problems(new HostExtrasRule(), "set: {nordfaas:host.files: {/opt/a: x, /opt/a/b: y}}"))
        .containsExactly(
            "host.files./opt/a: /opt/a is the folder of another file, /opt/a/b; choose another path");
  }

  @Test
  void refusesContentThatWouldNotArrive() {
    assertThat(problems(new HostExtrasRule(), file("/opt/a", "x\\n==> /etc/shadow\\ny")))
        .containsExactly(
            "host.files./opt/a: has a line that begins with '==> /', which separates files on their way to the host; indent that line");
    assertThat(problems(new HostExtrasRule(), file("/opt/a", "x\\r\\n")))
        .containsExactly(
            "host.files./opt/a: has line breaks of Windows, or a NUL; use line feeds alone");
  }

  @Test
  void refusesSecrets() {
    assertThat(
            problems(
                (config, plan, found) -> {},
                "set: {nordfaas:host.files: {/opt/a: {secure: v1:abc}}}"))
        .containsExactly(
            "host: has an encrypted value, but no secret: the value would be in plain text in the state; encrypt only what docs/stack-config.md calls a secret");
  }

  @Test
  void namesTheFilesWhereUserDataIsTooLarge() {
    var random = new Random(1);
    var text = new StringBuilder();
    for (var i = 0; i < 30_000; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }

    assertThat(problems(new UserDataRule(), file("/opt/a", text.toString())))
        .singleElement(STRING)
        .matches(
            "host\\.files: with them user-data has \\d+ bytes, but not every provider accepts more"
                + " than 16384; make them smaller, or let a smaller one fetch them");
  }
}
