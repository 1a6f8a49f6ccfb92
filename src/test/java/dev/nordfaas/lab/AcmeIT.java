package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The edge with a certificate that it asks an ACME authority for. */
@EndToEnd
class AcmeIT {
  private static final String FUNCTION = "/order-status/orders/none";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private static Path folder;
  private static AcmeAuthority authority;
  private static Path root;

  @BeforeAll
  static void askTheAuthority() throws IOException, AutomationException {
    authority = new AcmeAuthority(folder);
    try (var project = Lab.openProject()) {
      project.set("edge.tls", "acme");
      project.set("edge.acmeEmail", "drift@example.no");
      project.set("edge.acmeDirectory", authority.directory());
      project.set("edge.acmeRoots", authority.rootsOfDirectory());
      project.up();
    }
    root = authority.authority();
    var answer = Lab.eventually(PATIENCE, () -> edge("--head"), result -> result.exitCode() == 0);
    assertThat(answer.exitCode()).as(answer.output() + Files.readString(authority.log())).isZero();
  }

  @AfterAll
  static void undo() throws IOException, AutomationException {
    authority.close();
    Lab.applyOriginal();
  }

  @Test
  void aCallIsVerifiedByTheAuthorityThatWasAsked() {
    var answer = edge("--output", "/dev/null", "--write-out", "%{http_code} %{ssl_verify_result}");

    // The function's own answer: there is no such order.
    assertThat(answer.ok()).isEqualTo("404 0");
  }

  @Test
  void browsersRememberToUseTls() {
    assertThat(edge("--include").ok()).contains("strict-transport-security: max-age=31536000");
  }

  @Test
  void aRestartAsksForNoOtherCertificate() {
    var before = certificate();
    Lab.kubectl("--namespace=edge", "delete", "pod", "edge-0");

    Lab.eventually(PATIENCE, () -> edge("--head"), result -> result.exitCode() == 0);
    assertThat(certificate()).isEqualTo(before);
  }

  private static String certificate() {
    var shown = edge("--output", "/dev/null", "--write-out", "%{certs}").ok();
    assertThat(shown).contains("BEGIN CERTIFICATE");
    return shown;
  }

  private static Lab.Result edge(String... more) {
    return Lab.curl(root, FUNCTION, more);
  }
}
