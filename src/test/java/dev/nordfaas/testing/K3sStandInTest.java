package dev.nordfaas.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Node.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in for K3s does what v1.34.4+k3s1 was seen to do. */
class K3sStandInTest {
  @TempDir Path folder;
  private Node node;

  @BeforeEach
  void createNode() {
    var k3s = K3sStandIn.k3s("v1.34.4+k3s1", folder.toString(), folder.resolve("cluster"));
    node =
        new Node(folder)
            .executable("/usr/local/bin/k3s", k3s)
            .executable("/usr/local/bin/.k3s.AbC123", k3s)
            .file("/cluster/kubeconfig", "apiVersion: v1\n")
            .file("/etc/rancher/k3s/token", "b4f00");
  }

  private Result run(String command) {
    return node.run(command, "");
  }

  private void config(String text) {
    node.file(
        "/etc/rancher/k3s/config.yaml",
        "node-name: a\ntoken-file: /etc/rancher/k3s/token\n" + text);
  }

  @Test
  void saysItsReleaseUnderTheNameOfItsFile() {
    assertThat(run(".k3s.AbC123 --version").stdout())
        .startsWith(".k3s.AbC123 version v1.34.4+k3s1 (c6017918)\ngo version go1.24.");
  }

  @Test
  void aServerOnlyWarnsOfAKeyThatItDoesNotKnow() {
    config("no-deploy: [traefik]\n");

    var result = run("k3s server");

    assertThat(result.exitCode()).isZero();
    assertThat(result.stderr())
        .contains(
            "level=warning msg=\"Unknown flag --no-deploy found in config.yaml, skipping\\n\"");
  }

  @Test
  void anAgentStopsAtAServersKey() {
    config("server: https://10.20.0.11:6443\ntls-san: [\"10.20.0.11\"]\n");

    var result = run("k3s agent");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stdout())
        .startsWith("Incorrect Usage: flag provided but not defined: -tls-san\n");
    assertThat(result.stderr()).contains("level=fatal", "flag provided but not defined: -tls-san");
  }

  @Test
  void aServerStopsAtAnArgumentThatItDoesNotKnow() {
    config("");

    var result = run("k3s server --clusterreset");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr()).contains("flag provided but not defined: -clusterreset");
  }

  @Test
  void theFolderOfServersMakesAServerOfAnAgentThatRotates() {
    node.file("/var/lib/rancher/k3s/server/logs/audit.log", "");

    var result = run("k3s certificate rotate");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr())
        .contains("server/tls/dynamic-cert-regenerate: no such file or directory");
  }

  @Test
  void withoutThatFolderAnAgentRotates() {
    var result = run("k3s certificate rotate");

    assertThat(result.exitCode()).isZero();
    assertThat(result.stderr()).contains("Agent detected, rotating agent certificates");
  }

  /** Source: pkg/server/server.go, printTokens. */
  @Test
  void aServerWritesItsTokensInFull() {
    config("agent-token-file: /etc/rancher/k3s/agent-token\ncluster-init: true\n");
    node.file("/etc/rancher/k3s/agent-token", "ag3nt");

    assertThat(run("k3s server").exitCode()).isZero();

    var hash = run("sha256sum </var/lib/rancher/k3s/server/tls/server-ca.crt").stdout();
    assertThat(node.read("/var/lib/rancher/k3s/server/token"))
        .isEqualTo("K10%s::server:b4f00\n".formatted(hash.substring(0, 64)));
    assertThat(node.read("/var/lib/rancher/k3s/server/agent-token"))
        .isEqualTo("K10%s::node:ag3nt\n".formatted(hash.substring(0, 64)));
  }

  @Nested
  class Joining {
    private String hash;

    @BeforeEach
    void startAServer() {
      config("agent-token-file: /etc/rancher/k3s/agent-token\ncluster-init: true\n");
      node.file("/etc/rancher/k3s/agent-token", "ag3nt");
      assertThat(run("k3s server").exitCode()).isZero();
      hash =
          run("sha256sum </var/lib/rancher/k3s/server/tls/server-ca.crt").stdout().substring(0, 64);
      node.file(
          "/etc/rancher/k3s/config.yaml",
          "node-name: b\nserver: https://10.20.0.11:6443\ntoken-file: /etc/rancher/k3s/token\n");
      node.run("mv /var/lib/rancher/k3s/server /var/lib/rancher/k3s/of-a", "");
    }

    private Result agent(String token) {
      node.file("/etc/rancher/k3s/token", token);
      return run("k3s agent");
    }

    @Test
    void anAgentWithAHashTrustsNoOtherCa() {
      node.file("/cluster/impostor", "another");

      assertThat(agent("K10%s::node:ag3nt".formatted(hash)).stderr())
          .contains(
              "level=error msg=\"Failed to validate connection to cluster at https://10.20.0.11:6443: token CA hash does not match the Cluster CA certificate hash: %s != "
                  .formatted(hash));
      assertThat(node.has("/cluster/impostor-got")).isFalse();
    }

    @Test
    void anAgentWithoutAHashTrustsWhoeverAnswers() {
      node.file("/cluster/impostor", "another");

      assertThat(agent("ag3nt").stderr()).contains("the token does not include a CA hash");
      assertThat(node.read("/cluster/impostor-got")).isEqualTo("ag3nt\n");
    }

    @Test
    void aServerWithAHashTrustsNoOtherCa() {
      node.file("/cluster/impostor", "another")
          .file("/etc/rancher/k3s/token", "K10%s::server:b4f00".formatted(hash));

      var result = run("k3s server");

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr()).contains("token CA hash does not match");
      assertThat(node.has("/cluster/impostor-got")).isFalse();
    }

    @Test
    void anAgentIsRefusedWithTheServersToken() {
      assertThat(agent("K10%s::node:b4f00".formatted(hash)).stderr()).contains("401 Unauthorized");
      assertThat(agent("K10%s::node:ag3nt".formatted(hash)).stderr())
          .doesNotContain("level=error", "401");
      assertThat(node.has("/cluster/up/b")).isTrue();
    }

    @Test
    void aServerIsRefusedWithTheAgentsToken() {
      node.file("/etc/rancher/k3s/token", "K10%s::server:ag3nt".formatted(hash));

      assertThat(run("k3s server").stderr()).contains("server-bootstrap: 401 Unauthorized");
    }

    @Test
    void aHashOfAnotherLengthIsNone() {
      assertThat(agent("K10abc::node:ag3nt").stderr()).contains("invalid token CA hash length");
    }
  }

  @Test
  void aCommandThatItDoesNotKnowIsRefused() {
    assertThat(run("k3s serve").exitCode()).isEqualTo(3);
  }
}
