package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.ConfigValue;
import dev.nordfaas.engine.EngineProject;
import dev.nordfaas.tls.ServerTls;
import dev.nordfaas.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The edge as a datacenter has it, with a certificate of its owner's, and what it reads again while
 * it serves. This machine is an administrator's or a stranger's, as the config says.
 */
@EndToEnd
class EdgeIT {
  private static final String FUNCTION = "/order-status/orders/none";
  private static final String ADMINISTRATION = "/system/functions";
  private static final String ADMINISTRATORS = "10.77.0.0/24";
  private static final String OTHERS = "198.51.100.0/24";

  @TempDir private static Path folder;
  private static EngineProject project;

  @BeforeAll
  static void serveACertificateOfTheOwners() throws IOException, AutomationException {
    project = Lab.openProject();
    var tls = certificate("first");
    Files.writeString(folder.resolve("ca.crt"), tls.caCertificate());
    set("edge.tls", "certificate");
    certify(tls);
    project.up();
  }

  @AfterAll
  static void undo() throws IOException, AutomationException {
    project.close();
    Lab.applyOriginal();
  }

  private static ServerTls certificate(String secret) {
    var identity =
        new TlsIdentity("edge", "The owner's CA", "edge", List.of(Lab.DOMAIN), List.of());
    return ServerTls.of(identity, "ca", secret);
  }

  private static void set(String key, String value) throws AutomationException {
    project.set(key, value);
  }

  private static void certify(ServerTls tls) throws AutomationException {
    set("edge.certificate.chain", tls.certificate());
    project
        .stack()
        .setConfig("nordfaas:edge.certificate.key", new ConfigValue(tls.privateKey(), true), true);
  }

  /** Applies what was set; the names of the resources that changed. */
  private static List<String> up() throws AutomationException {
    return Lab.changes(project.up());
  }

  private static List<String> admit(String cidr) throws AutomationException {
    set("edge.adminCidrs[0]", cidr);
    return up();
  }

  private static String password() {
    return Lab.stack("output", "--show-secrets", "gatewayPassword").ok().strip();
  }

  @Test
  void aSynchronousCallIsVerifiedAndSpeaksHttp2() {
    var answer = curl(FUNCTION, "--http2", "--write-out", "%{http_version} %{http_code}");

    // The function's own answer: there is no such order.
    assertThat(answer.ok()).endsWith("2 404");
  }

  @Test
  void nobodyWithoutTheAuthorityTrustsIt() {
    assertThat(Lab.edge(FUNCTION, "--cacert", folder.resolve("ca.crt").toString()).status())
        .isEqualTo(404);
    assertThat(curl(FUNCTION, "--cacert", Lab.authority().toString()).exitCode()).isEqualTo(60);
  }

  @Test
  void browsersRememberToUseTls() {
    assertThat(edge(FUNCTION).headers())
        .containsEntry("strict-transport-security", "max-age=31536000");
  }

  @Test
  void plainHttpIsSentToHttps() {
    var answer =
        Lab.run(
            "curl",
            "--silent",
            "--show-error",
            "--output",
            "/dev/null",
            "--write-out",
            "%{http_code} %{redirect_url}",
            "--resolve",
            Lab.DOMAIN + ":80:" + Lab.ADDRESS,
            "http://" + Lab.DOMAIN + FUNCTION);

    assertThat(answer.ok()).isEqualTo("308 https://" + Lab.DOMAIN + FUNCTION);
  }

  @Test
  void administrationIsOpenToAdministratorsWithThePassword() throws Exception {
    admit(ADMINISTRATORS);

    assertThat(edge(ADMINISTRATION).status()).isEqualTo(401);
    assertThat(edge(ADMINISTRATION, "--user", "admin:" + password()).status()).isEqualTo(200);
  }

  @Test
  void administrationIsClosedToStrangersWhateverTheyWrite() throws Exception {
    admit(OTHERS);
    var user = "admin:" + password();
    assertThat(edge(ADMINISTRATION, "--user", user).status()).isEqualTo(403);
    assertThat(
            edge(ADMINISTRATION, "--user", user, "--header", "X-Forwarded-For: 198.51.100.7")
                .status())
        .isEqualTo(403);
    for (var path :
        List.of(
            "/ui/",
            "/system/",
            "//system/functions",
            "/%73ystem/functions",
            "/SYSTEM/functions",
            "/./system/functions",
            "/x/../system/functions",
            "/system%2ffunctions",
            "/function/..%2fsystem%2ffunctions",
            "/order-status/%252e%252e/%252e%252e/system/functions")) {
      assertThat(edge(path, "--path-as-is", "--user", user).status()).as(path).isIn(400, 403, 404);
    }
  }

  @Test
  @Tag("lab-faults")
  void aClientAboveItsRateIsToldToWait() throws Exception {
    set("edge.rateLimit.requests", "5");
    up();
    try {
      for (var i = 0; i < 5; i++) {
        edge(FUNCTION);
      }

      var answer = edge(FUNCTION);
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.headers().get("retry-after")).matches("[0-9]+");
    } finally {
      set("edge.rateLimit.requests", "50000");
      up();
    }
  }

  @Test
  void aBodyAboveTheLimitIsTooLarge() throws IOException {
    var body = Files.write(folder.resolve("body"), new byte[(2 << 20) + 1]);

    assertThat(edge("/orders", "--header", "Expect:", "--data-binary", "@" + body).status())
        .isEqualTo(413);
  }

  @Test
  void theLogKeepsNothingOfTheClient() {
    edge("/function/logged-once?token=secret-of-a-query", "--user", "a-user:a-password");

    var line =
        Lab.eventually(
            () ->
                Lab.kubectl("--namespace=edge", "logs", "edge-0", "--tail=200")
                    .lines()
                    .filter(it -> it.contains("/function/logged-once"))
                    .findFirst()
                    .orElse(""),
            it -> !it.isEmpty());
    assertThat(line)
        .contains("\"uri\":\"/function/logged-once\"")
        .doesNotContain(Lab.OUTSIDE)
        .doesNotContain("secret-of-a-query")
        .doesNotContain("a-user")
        .doesNotContain("a-password");
  }

  @Test
  @Tag("lab-faults")
  void anotherPasswordReplacesTheOneBefore() throws Exception {
    admit(ADMINISTRATORS);
    var before = password();
    set("openfaas.rotation.password", "2027-01-31");
    up();

    var after = password();
    assertThat(after).isNotEqualTo(before);
    // Until the gateway before has ended, the edge may have connections to it.
    assertThat(statusInTheEnd("admin:" + before, 401)).isEqualTo(401);
    assertThat(statusInTheEnd("admin:" + after, 200)).isEqualTo(200);
  }

  private static int statusInTheEnd(String user, int expected) {
    return Lab.eventually(
        Duration.ofMinutes(2),
        () -> edge(ADMINISTRATION, "--user", user).status(),
        status -> status == expected);
  }

  @Test
  void anotherConfigIsReadUnderLoadWithoutAFailedRequest() throws Exception {
    var before = Workloads.read();
    try (var load = new Clients()) {
      set("edge.maxRequestBody", "2Mi");
      assertThat(up()).containsExactly("openfaas-edge-check", "openfaas-edge-config");

      assertThat(load.stop()).hasSizeGreaterThan(1000).containsOnly("404 0");
    }
    assertThat(before.changedUntil(Workloads.read())).isEmpty();
  }

  @Test
  @Tag("lab-faults")
  void aRenewedCertificateIsServedWithoutARestart() throws Exception {
    var before = Workloads.read();
    var renewed = certificate("second");
    certify(renewed);
    assertThat(up())
        .containsExactly(
            "openfaas-edge-certificate", "openfaas-edge-check", "openfaas-edge-config");

    assertThat(curl(FUNCTION, "--write-out", "%{certs}").ok())
        .contains(renewed.certificate().strip());
    assertThat(before.changedUntil(Workloads.read())).isEmpty();
  }

  @Test
  @Tag("lab-faults")
  void aKeyThatCaddyRefusesFailsTheUpdateAndTheEdgeGoesOn() throws Exception {
    var before = Workloads.read();
    var right = certificate("third");
    certify(
        new ServerTls(
            right.caCertificate(), right.certificate(), certificate("other").privateKey()));
    assertThatThrownBy(EdgeIT::up)
        .hasMessageContaining("openfaas-edge-check")
        .hasMessageContaining("private key does not match public key");
    assertThat(
            Lab.objects("--namespace=edge", "pods", "--selector=app.kubernetes.io/name=edge-check"))
        .as("a refused config is not tried again")
        .hasSize(1);
    assertThat(edge(FUNCTION).status()).isEqualTo(404);

    certify(right);
    up();
    assertThat(curl(FUNCTION, "--write-out", "%{certs}").ok())
        .contains(right.certificate().strip());
    assertThat(before.changedUntil(Workloads.read())).isEmpty();
  }

  /** As {@link Lab#edge}, trusting the owner's authority. */
  private static Lab.Answer edge(String path, String... more) {
    var arguments = new ArrayList<>(List.of(more));
    arguments.add("--cacert");
    arguments.add(folder.resolve("ca.crt").toString());
    return Lab.edge(path, arguments.toArray(String[]::new));
  }

  private static Lab.Result curl(String path, String... more) {
    return Lab.curl(folder.resolve("ca.crt"), path, more);
  }

  /**
   * Ten clients outside that GET 20 times a second each, on connections that they keep. As RFC 9112
   * (9.3.1) has it, they ask again where a kept connection ends without an answer.
   */
  private static final class Clients implements AutoCloseable {
    private static final int COUNT = 10;
    private final List<Process> processes = new ArrayList<>();

    Clients() throws IOException {
      for (var i = 0; i < COUNT; i++) {
        processes.add(
            new ProcessBuilder(
                    "curl",
                    "--http1.1",
                    "--silent",
                    "--rate",
                    "20/s",
                    "--max-time",
                    "30",
                    "--cacert",
                    folder.resolve("ca.crt").toString(),
                    "--resolve",
                    Lab.DOMAIN + ":443:" + Lab.ADDRESS,
                    "--output",
                    "/dev/null",
                    "--write-out",
                    "%{stderr}%{http_code} %{exitcode}\\n",
                    "https://" + Lab.DOMAIN + FUNCTION + "?[1-20000]")
                .redirectError(answers(i).toFile())
                .start());
      }
    }

    /** Ends them; status and curl's exit code of each request that had its answer. */
    List<String> stop() throws IOException {
      close();
      var all = new ArrayList<String>();
      for (var i = 0; i < COUNT; i++) {
        var lines = Files.readString(answers(i));
        // The last one may have been cut off.
        lines.substring(0, lines.lastIndexOf('\n') + 1).lines().forEach(all::add);
      }
      return all;
    }

    @Override
    public void close() {
      processes.forEach(client -> client.destroy());
      processes.forEach(client -> client.onExit().join());
    }

    private static Path answers(int client) {
      return folder.resolve("answers-" + client);
    }
  }
}
