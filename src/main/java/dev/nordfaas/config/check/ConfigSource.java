package dev.nordfaas.config.check;

import dev.nordfaas.config.StackConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The stack config as Pulumi hands it over.
 *
 * @param stack name of the stack
 * @param sections JSON text of each section by its name without {@code nordfaas:}
 * @param secretSections the sections in which at least one value is encrypted
 * @param project the folder that files with functions are relative to: that of Pulumi.yaml
 */
public record ConfigSource(
    String stack, Map<String, String> sections, Set<String> secretSections, Path project) {
  private static final String PREFIX = StackConfig.NAMESPACE + ":";

  /** Copies the collections, in their order. */
  public ConfigSource {
    sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
    secretSections = Set.copyOf(secretSections);
  }

  /** That of a project in the working directory. */
  public ConfigSource(String stack, Map<String, String> sections, Set<String> secretSections) {
    this(stack, sections, secretSections, Path.of(""));
  }

  /** The same stack of the same project with other sections. */
  public ConfigSource with(Map<String, String> otherSections) {
    return new ConfigSource(stack, otherSections, secretSections, project);
  }

  /**
   * Reads what the Pulumi CLI has put into the environment. The SDK reads the same variables, but
   * cannot list keys, so that an unknown section would go unnoticed.
   */
  public static ConfigSource fromEnvironment() {
    return fromEnvironment(System.getenv());
  }

  static ConfigSource fromEnvironment(Map<String, String> environment) {
    var sections = new LinkedHashMap<String, String>();
    for (var entry : Json.parse(environment.getOrDefault("PULUMI_CONFIG", "{}")).properties()) {
      section(entry.getKey())
          .ifPresent(section -> sections.put(section, entry.getValue().stringValue()));
    }
    var secret = new LinkedHashSet<String>();
    for (var key : Json.parse(environment.getOrDefault("PULUMI_CONFIG_SECRET_KEYS", "[]"))) {
      section(key.stringValue()).ifPresent(secret::add);
    }
    return new ConfigSource(environment.getOrDefault("PULUMI_STACK", "dev"), sections, secret);
  }

  /**
   * Reads a {@code Pulumi.<stack>.yaml} without the CLI. Encrypted values stay encrypted: they are
   * read as {@code [secret]}. The project is that in the file's folder; of a file elsewhere, such
   * as a copy, that in the working directory.
   *
   * @throws InvalidStackConfigException if it cannot be read, or not by the CLI either
   * @throws IllegalArgumentException if it is not named {@code Pulumi.<stack>.yaml}
   */
  public static ConfigSource fromFile(Path file) {
    var source = StackFile.read(file);
    return Optional.ofNullable(file.toAbsolutePath().getParent())
        .filter(folder -> Files.exists(folder.resolve("Pulumi.yaml")))
        .map(it -> new ConfigSource(source.stack(), source.sections(), source.secretSections(), it))
        .orElse(source);
  }

  /** The section that a key of Pulumi's config names, if it is one of nordfaas. */
  static Optional<String> section(String key) {
    return key.startsWith(PREFIX) ? Optional.of(key.substring(PREFIX.length())) : Optional.empty();
  }
}
