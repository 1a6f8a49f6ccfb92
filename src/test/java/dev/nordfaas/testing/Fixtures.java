package dev.nordfaas.testing;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.policy.Rules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The stacks of the tests, in {@code src/test/resources/stacks}. Those beside {@code Pulumi.yaml}
 * belong to whoever runs the platform: {@link LiveStacks}.
 */
public final class Fixtures {
  private static final Path FOLDER = Path.of("src/test/resources/stacks");
  private static final StackConfig OSLO = config("oslo");
  private static final StackConfig BERGEN = config("bergen");

  private Fixtures() {}

  /** One VPS. */
  public static StackConfig oslo() {
    return OSLO;
  }

  /** Three servers and two agents. */
  public static StackConfig bergen() {
    return BERGEN;
  }

  /** The names of all of them: {@code small}, with little more than what is required, too. */
  public static Stream<String> stacks() {
    return Stacks.in(FOLDER).map(StackFiles::nameOf);
  }

  /** The stack's {@code Pulumi.<stack>.yaml}. */
  public static Path file(String stack) {
    return FOLDER.resolve("Pulumi." + stack + ".yaml");
  }

  /** What stands in the stack's file. */
  public static String text(String stack) {
    try {
      return Files.readString(file(stack));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sections of the stack's file. */
  public static ConfigSource source(String stack) {
    return ConfigSource.fromFile(file(stack));
  }

  /** The stack's config, with all rules asked. */
  public static StackConfig config(String stack) {
    return ConfigLoader.load(source(stack), Rules::check).config();
  }

  /** Stack {@code oslo} on a cluster that exists already. */
  public static StackConfig osloOnExistingCluster(String kubeconfig) {
    var source = source("oslo");
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
    var secret = new HashSet<>(source.secretSections());
    secret.add("k3s");
    return ConfigLoader.load(new ConfigSource("oslo", sections, secret), Rules::check).config();
  }
}
