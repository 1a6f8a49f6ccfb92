package dev.nordfaas.testing;

import dev.nordfaas.config.ConfigLoader;
import dev.nordfaas.config.ConfigSource;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.policy.Rules;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** The committed stack configs, loaded once. */
public final class Fixtures {
  private static final StackConfig OSLO = load("Pulumi.oslo.yaml");
  private static final StackConfig BERGEN = load("Pulumi.bergen.yaml");

  private Fixtures() {}

  /** One VPS. */
  public static StackConfig oslo() {
    return OSLO;
  }

  /** Three servers and two agents. */
  public static StackConfig bergen() {
    return BERGEN;
  }

  /** Stack {@code oslo} on a cluster that exists already. */
  public static StackConfig osloOnExistingCluster(String kubeconfig) {
    var source = ConfigSource.fromFile(Path.of("Pulumi.oslo.yaml"));
    var sections = new HashMap<>(source.sections());
    sections.put(
        "k3s",
        new JsonMapper()
            .writeValueAsString(
                Map.of(
                    "version",
                    OSLO.k3s().version(),
                    "existing",
                    Map.of("kubeconfig", kubeconfig))));
    return ConfigLoader.load(new ConfigSource("oslo", sections, Set.of("k3s")), Rules.all());
  }

  private static StackConfig load(String file) {
    return ConfigLoader.load(ConfigSource.fromFile(Path.of(file)), Rules.all());
  }
}
