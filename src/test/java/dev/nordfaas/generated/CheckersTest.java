package dev.nordfaas.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.host.Firewall;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The checkers see what is wrong: otherwise random configs would show nothing. */
class CheckersTest {
  @Test
  void kubernetesRefusesAnObjectThatItWouldNotCreate() {
    try (var checker = new KubernetesChecker()) {
      assertThat(
              checker.problems(
                  "x",
                  """
                  apiVersion: v1
                  kind: Service
                  metadata: {name: 3com, namespace: nats}
                  spec: {ports: [{port: 70000}], selectors: {a: b}}
                  """))
          .anyMatch(it -> it.contains("unknown field \"spec.selectors\""));
      assertThat(
              checker.problems(
                  "x",
                  """
                  apiVersion: v1
                  kind: Service
                  metadata: {name: 3com, namespace: nats}
                  spec: {ports: [{port: 70000}], selector: {a: b}}
                  """))
          .anyMatch(it -> it.contains("metadata.name") && it.contains("spec.ports[0].port"));
    }
  }

  @Test
  void cloudInitRefusesWhatItsSchemaDoesNotKnow() {
    try (var checker = new CloudInitChecker()) {
      assertThat(checker.problems("x", "#cloud-config\nssh_pwauth: {a: b}\n")).hasSize(1);
    }
  }

  @Test
  void nftAndShRefuseWhatTheyCannotRead() {
    try (var checker = new HostChecker()) {
      assertThat(
              checker.problems(
                  "hosts/a/user-data",
                  """
                  #cloud-config
                  write_files:
                    - {path: %s, content: "table inet a { chain b { accept accept } }"}
                    - {path: /a.sh, content: "if"}
                    - {path: /a.json, content: "{"}
                  """
                      .formatted(Firewall.PATH)))
          .hasSize(3);
    }
  }

  @Test
  void caddyRefusesADirectiveThatItDoesNotKnow() {
    try (var checker = new CaddyChecker()) {
      assertThat(checker.problems("x", "localhost {\n\tnonsense\n}\n"))
          .singleElement()
          .asString()
          .contains("nonsense");
    }
  }

  @Test
  void pgBouncerRefusesAModeThatItDoesNotKnow() {
    try (var checker = new PgBouncerChecker()) {
      assertThat(
              checker.problems(
                  "x",
                  "[databases]\n[pgbouncer]\nlisten_addr = *\nlisten_port = 6432\nunix_socket_dir =\nauth_type = any\npool_mode = nonsense\n"))
          .isNotEmpty();
    }
  }

  @Test
  void postgresRefusesAValueOutOfRange() {
    try (var checker = new PostgresChecker()) {
      assertThat(checker.problems("x", "max_connections = 0\n")).hasSize(1);
    }
  }

  @Test
  void natsRefusesAStreamThatItCannotHave() {
    var files = new TreeMap<String, String>();
    files.put(
        "kubernetes/nats/configmap.nats-config.yaml",
        """
        data:
          nats.conf: |
            listen: "0.0.0.0:4222"
            jetstream { store_dir: "/data", max_file_store: 1MiB }
        """);
    files.put(
        "kubernetes/nats/configmap.nats-streams.yaml",
        """
        data:
          stream.a.json: '{"name": "a", "subjects": ["a"], "max_bytes": 2097152, "num_replicas": 3, "storage": "file"}'
        """);
    try (var checker = new NatsChecker()) {
      assertThat(checker.check(new Rendering(files)))
          .singleElement()
          .extracting(Checker.Refusal::message)
          .asString()
          .contains("insufficient storage");
      assertThat(
              checker.check(
                  new Rendering(
                      new TreeMap<>(
                          Map.of(
                              "kubernetes/nats/configmap.nats-config.yaml",
                              "data: {nats.conf: \"listen: nowhere:at:all\"}")))))
          .hasSize(1);
    }
  }
}
