package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.template.NodeScript;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.Node;
import dev.nordfaas.testing.Node.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The token script, on a stand-in for a node whose {@code curl} is K3s and an S3 store. */
class K3sTokenScriptTest {
  private static final String FILE = "/etc/rancher/k3s/token";
  private static final String AGENT_FILE = "/etc/rancher/k3s/agent-token";
  private static final String COPY = "/var/lib/rancher/k3s/server/db/token-first.enc";
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final String OF_AGENTS = "K10" + HASH + "::node:ag3nt";
  private static final String OF_SERVERS = "K10" + HASH + "::server:b4f00";
  private static final String FOLDER = "/store/s3.example.no/backup/token-of-bergen/";

  @TempDir Path folder;
  private Node node;

  /**
   * Without {@code --fail}, curl ends with 0 whatever the status is; a missing object is 404 for
   * who may list the bucket, 403 for others (S3's reference, GetObject).
   */
  @BeforeEach
  void createNode() {
    node =
        new Node(folder)
            .program(
                "curl",
                """
                cat >>"$ROOT/curl.stdin"
                upload= output= url= format=
                while [ $# -gt 0 ]; do
                  case $1 in
                    --upload-file) upload=$2 ; shift ;;
                    --output) output=$2 ; shift ;;
                    --write-out) format=$2 ; shift ;;
                    https://*) url=$1 ;;
                  esac
                  shift
                done
                case $url in */v1-k3s/token) exit 0 ;; esac
                object=$ROOT/store/${url#https://}
                status=200
                if [ -e "$ROOT/status" ]; then
                  status=$(cat "$ROOT/status")
                elif [ -n "$upload" ]; then
                  mkdir -p "$(dirname "$object")"
                  cp "$upload" "$object"
                elif [ -e "$object" ]; then
                  cp "$object" "$output"
                else
                  echo '<Error><Code>NoSuchKey</Code></Error>' >"$output"
                  status=404
                fi
                [ "$format" != '%{http_code}' ] || printf '%s' "$status"
                """);
  }

  /** On a server. */
  private Result keep(String lines) {
    return node.run(NodeScript.K3S_TOKEN.text(), "node=bergen-1\nrole=server\n" + lines);
  }

  private Result keepOnAgent(String lines) {
    return node.run(NodeScript.K3S_TOKEN.text(), "node=bergen-4\nrole=agent\n" + lines);
  }

  private void makeACluster() {
    node.file(FILE, "0ld").file("/var/lib/rancher/k3s/server/db/etcd/name", "bergen-1");
  }

  @Nested
  class WhileAServerIsAway {
    @Test
    void staysWhatItIs() {
      makeACluster();

      assertThat(keep("away=bergen-2\ntoken=0ld\nfirst=true\n").exitCode()).isZero();
      assertThat(node.read(FILE)).isEqualTo("0ld");
    }

    @Test
    void isTheFirstOneOfANewNode() {
      keepOnAgent("away=bergen-1\ntoken=%s\n".formatted(OF_AGENTS));

      assertThat(node.read(FILE)).isEqualTo(OF_AGENTS);
    }

    /** The first server tells K3s of it, and K3s on another that missed it would not start. */
    @Test
    void isNotRotated() {
      makeACluster();

      var result = keep("away=bergen-2 and bergen-3\ntoken=n3w\nfirst=true\n");

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "bergen-1 keeps its token: the tokens are to be rotated, and bergen-2 and bergen-3 would"
                  + " not learn the new ones. Once none is away any more, remove 'away' from nodes and"
                  + " run 'pulumi up' again.\n");
      assertThat(node.read(FILE)).isEqualTo("0ld");
      assertThat(node.has("/curl.stdin")).isFalse();
    }

    @Test
    void isNotRotatedOnAnAgentEither() {
      node.file(FILE, "K10" + HASH + "::node:0ld");

      assertThat(keepOnAgent("away=bergen-1\ntoken=%s\n".formatted(OF_AGENTS)).exitCode())
          .isEqualTo(1);
      assertThat(node.read(FILE)).endsWith(":0ld");
    }
  }

  @Nested
  class OnAnAgent {
    @Test
    void isForRootAlone() {
      var result = keepOnAgent("token=%s\n".formatted(OF_AGENTS));

      assertThat(result.stdout() + result.stderr()).isEmpty();
      assertThat(node.read(FILE)).isEqualTo(OF_AGENTS);
      assertThat(node.permissions(FILE)).isEqualTo("rw-------");
    }

    @Test
    void isTheOnlyOne() {
      keepOnAgent("token=%s\n".formatted(OF_AGENTS));

      assertThat(node.has(AGENT_FILE)).isFalse();
    }

    /**
     * Our first releases had one token for all; a write that was cut off may have left it twice.
     */
    @Test
    void leavesNothingOfTheServers() {
      node.file(FILE, "b4f00").file(FILE + ".nordfaas-new", "b4f00");

      keepOnAgent("token=%s\n".formatted(OF_AGENTS));

      assertThat(node.run("grep -rl b4f00 /etc/ /var/lib/ /run/ || true", "").stdout()).isEmpty();
    }

    /** K3s joins any server with it. */
    @ParameterizedTest
    @ValueSource(strings = {"K10::node:ag3nt", "K10null::node:ag3nt", "K10%s::node:"})
    void isNotWrittenWithoutAHashOrASecret(String token) {
      node.file(FILE, "0ld");

      var result = keepOnAgent("token=%s\n".formatted(token.formatted(HASH)));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "the hash of the cluster's CA is not known yet, without which bergen-4 would send its token to whoever answers. Run 'pulumi up' without --target.\n");
      assertThat(node.read(FILE)).isEqualTo("0ld");
    }

    /** A server that starts with it again finds its data encrypted with another one. */
    @Test
    void doesNotReplaceThatOfAServerWhoseRoleChanges() {
      makeACluster();
      node.file("/etc/systemd/system/k3s.service", "");

      var result = keepOnAgent("token=%s\n".formatted(OF_AGENTS));

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "bergen-4 has k3s.service already, and the role agent was asked for: K3s does not change a node's role. Take the node out of nodes, run 'pulumi up', give it a fresh disk, and add it again.\n");
      assertThat(node.read(FILE)).isEqualTo("0ld");
    }

    @Test
    void isNotReplacedByThatOfTheServersIfItsRoleChanges() {
      node.file(FILE, OF_AGENTS).file("/etc/systemd/system/k3s-agent.service", "");

      assertThat(keep("token=%s\nagent-token=ag3nt\nfirst=false\n".formatted(OF_SERVERS)).stderr())
          .startsWith("bergen-1 has k3s-agent.service already, and the role server was asked for");
      assertThat(node.read(FILE)).isEqualTo(OF_AGENTS);
    }
  }

  @Nested
  class OnAServer {
    @Test
    void hasThatOfTheAgentsBesideIt() {
      var result = keep("token=b4f00\nagent-token=ag3nt\nfirst=true\n");

      assertThat(result.stdout() + result.stderr()).isEmpty();
      assertThat(node.read(FILE)).isEqualTo("b4f00");
      assertThat(node.read(AGENT_FILE)).isEqualTo("ag3nt");
      assertThat(node.permissions(AGENT_FILE)).isEqualTo("rw-------");
    }

    @Test
    void isKeptEncryptedBesideTheSnapshots() {
      Machine.needs("openssl");

      keep(
          "token="
              + OF_SERVERS
              + "\nfirst=false\nday=first\npassphrase=it's a \"secret\" $word\\\n");

      assertThat(node.permissions(COPY)).isEqualTo("rw-------");
      assertThat(node.read(COPY)).doesNotContain("b4f00");
      assertThat(
              node.run(
                      "openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -a -pass stdin -in " + COPY,
                      "it's a \"secret\" $word\\\n")
                  .stdout())
          .isEqualTo("b4f00");
    }
  }

  @Nested
  class Rotated {
    @Test
    void isMadeK3sOwnByTheFirstServerBeforeItIsReplaced() {
      makeACluster();

      var result = keep("token=n3w\nagent-token=ag3nt\nfirst=true\n");

      assertThat(result.stderr()).isEmpty();
      assertThat(node.read(FILE)).isEqualTo("n3w");
      assertThat(node.read(AGENT_FILE)).isEqualTo("ag3nt");
      assertThat(node.read("/curl.stdin"))
          .isEqualTo(
              """
              user = "server:0ld"
              data = "{\\"newToken\\":\\"n3w\\"}"
              """);
      assertThat(node.calls())
          .noneMatch(
              call -> call.contains("0ld") || call.contains("n3w") || call.contains("ag3nt"));
    }

    /** One that has joined and is the first now, as the first one was lost. */
    @Test
    void isTheSecretWithoutTheHash() {
      node.file(FILE, "K10%s::server:0ld".formatted(HASH))
          .file("/var/lib/rancher/k3s/server/db/etcd/name", "x");

      assertThat(keep("token=n3w\nagent-token=ag3nt\nfirst=true\n").stderr()).isEmpty();

      assertThat(node.read("/curl.stdin")).startsWith("user = \"server:0ld\"\n");
    }

    @Test
    void isNotDoneForTheHashAlone() {
      node.file(FILE, "K10%s::server:0ld".formatted(HASH))
          .file("/var/lib/rancher/k3s/server/db/etcd/name", "x");

      keep("token=0ld\nagent-token=ag3nt\nfirst=true\n");

      assertThat(node.calls()).noneMatch(call -> call.startsWith("curl"));
      assertThat(node.read(FILE)).isEqualTo("0ld");
    }

    @Test
    void staysWhatItWasIfK3sRefusesTheNewOne() {
      makeACluster();
      node.file(AGENT_FILE, "0ld-ag3nt").program("curl", "exit 22");

      var result = keep("token=n3w\nagent-token=ag3nt\nfirst=true\n");

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "K3s does not accept the new token; the old one is still valid. Is K3s running here?\n");
      assertThat(node.read(FILE)).isEqualTo("0ld");
      assertThat(node.read(AGENT_FILE)).isEqualTo("0ld-ag3nt");
    }

    @Test
    void isOnlyReplacedOnTheOtherServers() {
      makeACluster();

      keep("token=n3w\nagent-token=ag3nt\nfirst=false\n");

      assertThat(node.calls()).noneMatch(call -> call.startsWith("curl"));
      assertThat(node.read(FILE)).isEqualTo("n3w");
    }
  }

  @Nested
  class InTheStore {
    private static final String OWNER = "abc123 bergen-1 at 203.0.113.11";
    private static final String REQUEST =
        """
        token=b4f00
        agent-token=ag3nt
        first=true
        day=first
        passphrase=word
        s3-url=https://s3.example.no/backup/token-of-bergen
        s3-region=no-1
        s3-user=AKIA:s3cr"et
        s3-owner=%s
        """
            .formatted(OWNER);

    @Test
    void isPutIntoAFolderThatBecomesTheClustersOwn() {
      Machine.needs("openssl");

      var result = keep(REQUEST);

      assertThat(result.stdout() + result.stderr()).isEmpty();
      assertThat(node.read(FOLDER + "owner")).isEqualTo(OWNER + "\n");
      assertThat(node.read(FOLDER + "token-first.enc")).isEqualTo(node.read(COPY));
    }

    @Test
    void isReachedWithoutItsKeysInAnyArgument() {
      Machine.needs("openssl");

      keep(REQUEST);

      assertThat(node.calls())
          .anyMatch(call -> call.startsWith("curl"))
          .noneMatch(call -> call.contains("AKIA") || call.contains("b4f00"));
      assertThat(node.read("/curl.stdin").lines().distinct())
          .containsExactly("user = \"AKIA:s3cr\\\"et\"", "aws-sigv4 = \"aws:amz:no-1:s3\"");
    }

    /** With curl itself: that of Debian 12 signs an upload as if it were empty, unless told. */
    @Test
    void isAskedForAsS3WantsIt() throws Exception {
      Machine.needs("openssl", "curl");
      try (var store = new S3Requests(folder)) {
        node.program(
            "curl",
            "exec /usr/bin/curl --insecure --connect-to ::127.0.0.1:%d \"$@\""
                .formatted(store.port()));

        var result = keep(REQUEST);

        assertThat(result.stderr()).isEmpty();
        assertThat(store.requests())
            .containsExactly(
                "GET /backup/token-of-bergen/owner: the signature is right",
                "PUT /backup/token-of-bergen/owner: the signature is right",
                "PUT /backup/token-of-bergen/token-first.enc: the signature is right");
      }
    }

    @Test
    void followsItsClusterToAnotherFirstServer() {
      Machine.needs("openssl");
      node.file(FOLDER + "owner", "abc123 bergen-2 at 203.0.113.12\n");

      assertThat(keep(REQUEST).exitCode()).isZero();
      assertThat(node.has(FOLDER + "token-first.enc")).isTrue();
    }

    /** A drill with a copy of production's config. */
    @Test
    void leavesTheFolderOfAnotherClusterAlone() {
      node.file(FOLDER + "owner", "def456 bergen-1 at 203.0.113.99\n")
          .file(FOLDER + "token-first.enc", "of production");

      var result = keep(REQUEST);

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "https://s3.example.no/backup/token-of-bergen belongs to another cluster (first server bergen-1 at 203.0.113.99): its token would be replaced and its snapshots pruned. Nothing there has been touched. Set k3s.etcdSnapshots.s3.folder to a folder that is this cluster's own, or remove k3s.etcdSnapshots.s3, and run 'pulumi up' again. If nobody needs that cluster's snapshots any more, delete https://s3.example.no/backup/token-of-bergen/owner instead.\n");
      assertThat(node.read(FOLDER + "token-first.enc")).isEqualTo("of production");
      assertThat(node.has(FILE)).isFalse();
    }

    @Test
    void isNotRotatedWhereTheFolderIsAnotherClusters() {
      makeACluster();
      node.file(FOLDER + "owner", "def456 bergen-1 at 203.0.113.99\n");

      assertThat(keep(REQUEST).exitCode()).isEqualTo(1);

      assertThat(node.calls()).noneMatch(call -> call.contains("/v1-k3s/token"));
      assertThat(node.read(FILE)).isEqualTo("0ld");
    }

    @ParameterizedTest
    @ValueSource(strings = {"403", "503"})
    void goesNowhereWhileTheOwnerIsNotKnown(String status) {
      node.file("/status", status);

      var result = keep(REQUEST);

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "cannot read https://s3.example.no/backup/token-of-bergen/owner (%s). Are k3s.etcdSnapshots.s3 and its keys right, and may they list and read there?\n"
                  .formatted(status));
      assertThat(node.has(FILE)).isFalse();
    }

    @Test
    void saysThatTheStoreDoesNotAnswer() {
      node.program("curl", "printf 000; echo 'curl: (7) Failed to connect' >&2; exit 7");

      assertThat(keep(REQUEST).stderr())
          .isEqualTo(
              """
              curl: (7) Failed to connect
              cannot read https://s3.example.no/backup/token-of-bergen/owner (no answer). Are k3s.etcdSnapshots.s3 and its keys right, and may they list and read there?
              """);
    }

    @Test
    void saysThatTheStoreTakesNothing() {
      node.program(
          "curl",
          "case $* in *--upload-file*) printf 403 ;; *) printf 404 ;; esac; cat >/dev/null");

      var result = keep(REQUEST);

      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.stderr())
          .isEqualTo(
              "cannot write owner into https://s3.example.no/backup/token-of-bergen (403). Are k3s.etcdSnapshots.s3 and its keys right, and may they write there?\n");
    }
  }
}
