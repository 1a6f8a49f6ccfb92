package dev.nordfaas.config.check;

import dev.nordfaas.config.StackConfig;
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
 */
public record ConfigSource(String stack, Map<String, String> sections, Set<String> secretSections) {
  private static final String PREFIX = StackConfig.NAMESPACE + ":";

  /** Copies the collections, in their order. */
  public ConfigSource {
    sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
    secretSections = Set.copyOf(secretSections);
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
   * read as {@code [secret]}.
   *
   * @throws InvalidStackConfigException if it cannot be read, or not by the CLI either
   * @throws IllegalArgumentException if it is not named {@code Pulumi.<stack>.yaml}
   */
  public static ConfigSource fromFile(Path file) {
    return StackFile.read(file);
  }

  /** The section that a key of Pulumi's config names, if it is one of nordfaas. */
  static Optional<String> section(String key) {
    return key.startsWith(PREFIX) ? Optional.of(key.substring(PREFIX.length())) : Optional.empty();
  }
}
