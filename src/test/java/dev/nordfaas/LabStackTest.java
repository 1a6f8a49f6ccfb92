package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.test.PulumiTest;
import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.LiveStacks;
import dev.nordfaas.testing.RecordingMocks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What runs in the lab is stack {@code oslo} of the tests: every key that differs is one of these.
 */
class LabStackTest {
  private static final ConfigSource LAB = ConfigSource.fromFile(LiveStacks.file("lab"));

  private static final List<Allowed> ALLOWED =
      List.of(
          new Allowed("starts, for bench/pod-start", "functions\\..+\\.database\\.awaited"),
          new Allowed("addresses", "datacenter\\.(name|domain)"),
          new Allowed("addresses", "host\\.firewall\\.(ssh|api)Cidrs|edge\\.adminCidrs"),
          new Allowed("addresses", "nodes\\.NODE\\.(address|hostKey)"),
          new Allowed("sizes", "nodes\\.NODE\\.(vcpu|memory|disk|monthlyPriceNok)"),
          new Allowed("sizes", "(nats|postgres)\\.storage\\.size|nats\\.streams\\..+\\.maxBytes"),
          new Allowed("sizes", "postgres\\.(maxConnections|pooler\\.maxClientConn)"),
          new Allowed("sizes", "postgres\\.backup\\.repository\\.volume\\.size"),
          new Allowed("sizes", ".+\\.resources\\..+|queueWorker\\.workerResources\\..+"),
          new Allowed("sizes", "openfaas\\.prometheus\\.size"),
          new Allowed("sizes", "functions\\..+\\.scale\\.(min|max)"),
          new Allowed("images", "(.+\\.)?(image|toolsImage|exporterImage)"),
          new Allowed("the real K3s was seen with the fixture's release", "k3s\\.version"),
          new Allowed("the installer", "k3s\\.installer"),
          new Allowed("the lab is not in production", "datacenter\\.environment"),
          new Allowed("all its clients are one address", "edge\\.rateLimit.*"),
          new Allowed("no public authority reaches the lab", "edge\\.(tls|acmeEmail)"),
          new Allowed("callers", "edge\\.(issuers|apiKeys|authorities|callerLimit)\\..+"),
          new Allowed("callers", "queueWorker\\.intake\\.routes\\.callers\\..+"),
          new Allowed("callers", "functions\\.echo(-(token|key|mtls))?\\..+|.+\\.auth\\..+"),
          new Allowed("Debian's PgBouncer has none", "postgres\\.pooler\\.maxPreparedStatements"));

  /** A difference that there may be. */
  record Allowed(String why, Pattern keys) {
    Allowed(String why, String keys) {
      this(why, Pattern.compile(keys));
    }

    boolean allows(String key) {
      return keys.matcher(key).matches();
    }
  }

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @Test
  void differsFromOsloInWhatIsAllowedOnly() {
    assertThat(differences())
        .allSatisfy(key -> assertThat(ALLOWED).anyMatch(allowed -> allowed.allows(key)));
  }

  @Test
  void differsInAllThatIsAllowed() {
    assertThat(ALLOWED).allSatisfy(allowed -> assertThat(differences()).anyMatch(allowed::allows));
  }

  @Test
  void registersTheResourcesOfOslo() {
    var oslo = resources(Fixtures.source("oslo"));
    // One pod of it in the lab, so there is none to keep.
    oslo.remove("kubernetes:policy/v1:PodDisruptionBudget order-processor-disruption-budget");

    var lab = resources(LAB);
    // Functions that only tests of callers call.
    lab.removeIf(resource -> resource.matches(".+ echo(-.+)?"));

    assertThat(lab).containsExactlyInAnyOrderElementsOf(oslo);
  }

  private static List<String> differences() {
    return differences(Fixtures.source("oslo"), LAB);
  }

  /** The keys whose values differ, or that only one of both has. */
  static List<String> differences(ConfigSource one, ConfigSource other) {
    var ofOne = values(one);
    var ofOther = values(other);
    var keys = new TreeSet<>(ofOne.keySet());
    keys.addAll(ofOther.keySet());
    return keys.stream().filter(key -> !Objects.equals(ofOne.get(key), ofOther.get(key))).toList();
  }

  /** Every value of the stack's config by its path; the one node has the same name in each. */
  private static Map<String, String> values(ConfigSource source) {
    var values = new TreeMap<String, String>();
    source
        .sections()
        .forEach((section, json) -> collect(new JsonMapper().readTree(json), section, values));
    return values;
  }

  private static void collect(JsonNode node, String path, Map<String, String> values) {
    if (!node.isObject()) {
      values.put(path.replaceFirst("^nodes\\.[^.]+", "nodes.NODE"), node.toString());
      return;
    }
    node.properties()
        .forEach(entry -> collect(entry.getValue(), path + "." + entry.getKey(), values));
  }

  static List<String> resources(ConfigSource source) {
    var mocks = new RecordingMocks();
    var config = ConfigLoader.load(source, Rules::check).config();
    PulumiTest.withMocks(mocks)
        .runTest(context -> Platform.define(Plan.of(config)).outputs().forEach(context::export))
        .throwOnError();
    PulumiTest.cleanup();
    var resources = new ArrayList<String>();
    mocks
        .all()
        .forEach(it -> resources.add(it.type() + " " + it.name().replace(source.stack(), "STACK")));
    return resources;
  }
}
