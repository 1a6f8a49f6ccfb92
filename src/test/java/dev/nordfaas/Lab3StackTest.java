package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.test.PulumiTest;
import dev.nordfaas.LabStackTest.Allowed;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.LiveStacks;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What runs on three VPSes in the lab is stack {@code bergen} of the tests: every key that differs
 * is one of these.
 */
class Lab3StackTest {
  private static final ConfigSource LAB = ConfigSource.fromFile(LiveStacks.file("lab3"));
  private static final ConfigSource BERGEN = Fixtures.source("bergen");

  private static final List<Allowed> ALLOWED =
      List.of(
          new Allowed("three servers and no agents", "nodes\\..+|edge\\.nodes"),
          new Allowed("addresses", "datacenter\\.(name|domain)"),
          new Allowed("addresses", "host\\.firewall\\.(ssh|api)Cidrs|edge\\.adminCidrs"),
          new Allowed("addresses", "postgres\\.backup\\.repository\\.s3\\.(endpoint|cidrs|folder)"),
          new Allowed(
              "virtual addresses", "k3s\\.(apiAddress|tlsSans)|(k3s|edge)\\.virtualAddress\\..+"),
          new Allowed("whoever runs it", "host\\.authorizedKeys"),
          new Allowed("sizes", "datacenter\\.monthlyCostLimitNok"),
          new Allowed("sizes", "(nats|postgres)\\.storage\\.size|postgres\\.maxConnections"),
          new Allowed("sizes", "nats\\.streams\\.orders\\.maxBytes"),
          new Allowed("sizes", "nats\\.streams\\.orders\\.consumers\\..+\\.maxAckPending"),
          new Allowed("sizes", ".+\\.resources\\..+|queueWorker\\.workerResources\\..+"),
          new Allowed("sizes", "openfaas\\.prometheus\\.size"),
          new Allowed("sizes", "(functions|queueWorker)\\..+\\.scale\\.(min|max)"),
          new Allowed("sizes", "functions\\..+\\.queue\\.concurrency"),
          new Allowed("images", "(.+\\.)?(image|toolsImage|kubectlImage)"),
          new Allowed("the real K3s was seen with the fixture's release", "k3s\\.version"),
          new Allowed("the installer", "k3s\\.installer"),
          new Allowed("the lab is not in production", "datacenter\\.environment"),
          new Allowed("all its clients are one address", "edge\\.rateLimit.*"),
          new Allowed("callers", "edge\\.(issuers|apiKeys|callerLimit)\\..+|.+\\.auth\\..+"),
          new Allowed("callers", "queueWorker\\.intake\\.(statusAuth|routes\\.callers)\\..+"),
          new Allowed("no public authority reaches the lab", "edge\\.(tls|acmeEmail)"));

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @Test
  void differsFromBergenInWhatIsAllowedOnly() {
    assertThat(LabStackTest.differences(BERGEN, LAB))
        .allSatisfy(key -> assertThat(ALLOWED).anyMatch(allowed -> allowed.allows(key)));
  }

  @Test
  void differsInAllThatIsAllowed() {
    var differences = LabStackTest.differences(BERGEN, LAB);

    assertThat(ALLOWED).allSatisfy(allowed -> assertThat(differences).anyMatch(allowed::allows));
  }

  @Test
  void registersTheDatabaseOfBergen() {
    assertThat(ofDatabase(LAB)).isNotEmpty().containsExactlyElementsOf(ofDatabase(BERGEN));
  }

  private static List<String> ofDatabase(ConfigSource source) {
    return LabStackTest.resources(source).stream()
        .filter(resource -> resource.contains(" postgres-"))
        .sorted()
        .toList();
  }
}
