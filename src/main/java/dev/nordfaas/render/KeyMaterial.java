package dev.nordfaas.render;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Removes keys, certificates and password verifiers from what is rendered. They are derived from
 * generated passwords, and so here from placeholders: anyone could derive the same ones. Each is
 * replaced by a placeholder, the same one wherever it is found.
 */
final class KeyMaterial {
  private static final String PEM =
      "-----BEGIN ([A-Z ]+)-----\n[A-Za-z0-9+/=\n]+-----END \\1-----\n?";

  private static final String VERIFIER =
      "SCRAM-SHA-256\\$[0-9]+:[A-Za-z0-9+/=]+\\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+";

  private static final Pattern MADE = Pattern.compile(PEM + "|" + VERIFIER);

  private final SortedMap<String, String> names = new TreeMap<>();

  /** The object without any of them, with sorted keys. */
  Map<String, Object> removedFrom(Map<String, Object> object, String name) {
    var result = new TreeMap<String, Object>();
    object.forEach((key, value) -> result.put(key, removedFrom(value, name + "_" + key)));
    return result;
  }

  @SuppressWarnings("unchecked") // A Kubernetes object has string keys.
  private Object removedFrom(Object value, String name) {
    if (value instanceof Map<?, ?> map) {
      return removedFrom((Map<String, Object>) map, name);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(element -> removedFrom(element, name)).toList();
    }
    return value instanceof String text
        ? MADE.matcher(text).replaceAll(found -> placeholder(found, name))
        : value;
  }

  private String placeholder(MatchResult found, String name) {
    var variable =
        names.computeIfAbsent(
            found.group().strip(),
            made ->
                name.replaceAll("_(stringData|data)_", "_")
                    .replaceAll("[^A-Za-z0-9]+", "_")
                    .toUpperCase(Locale.ROOT));
    return Matcher.quoteReplacement("${" + variable + "}");
  }

  /** The names of the placeholders. */
  List<String> placeholders() {
    return List.copyOf(names.values());
  }
}
