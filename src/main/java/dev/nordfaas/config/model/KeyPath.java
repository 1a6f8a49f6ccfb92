package dev.nordfaas.config.model;

import dev.nordfaas.config.StackConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The location of a value in the stack config, written as Pulumi writes it: {@code
 * nordfaas:nats.streams.orders.subjects[0]}, {@code nordfaas:host.sysctls["net.core.somaxconn"]}.
 *
 * @param segments map keys as strings, list positions as integers
 */
public record KeyPath(List<Object> segments) {
  private static final Pattern PLAIN = Pattern.compile("[^.\\[\\]\"\\s]+");

  public KeyPath {
    segments = List.copyOf(segments);
  }

  /** The path of nested keys, the section first. */
  public static KeyPath of(String... keys) {
    return new KeyPath(List.of((Object[]) keys));
  }

  /** The path of a key below this one. */
  public KeyPath key(String key) {
    return plus(key);
  }

  /** The path of an element of the list at this path. */
  public KeyPath index(int index) {
    return plus(index);
  }

  /** The path of what its first segments lead to. */
  public KeyPath first(int count) {
    return new KeyPath(segments.subList(0, count));
  }

  /** This path and what follows in the other after its first segments. */
  public KeyPath plus(KeyPath other, int after) {
    return new KeyPath(
        Stream.concat(segments.stream(), other.segments.stream().skip(after)).toList());
  }

  /** Whether one of the two paths leads to the other. */
  public boolean isRelatedTo(KeyPath other) {
    var common = Math.min(segments.size(), other.segments.size());
    return segments.subList(0, common).equals(other.segments.subList(0, common));
  }

  private KeyPath plus(Object segment) {
    var longer = new ArrayList<>(segments);
    longer.add(segment);
    return new KeyPath(longer);
  }

  @Override
  public String toString() {
    var text = new StringBuilder(StackConfig.NAMESPACE).append(':');
    for (var segment : segments) {
      if (segment instanceof Integer index) {
        text.append('[').append(index).append(']');
      } else if (PLAIN.matcher(segment.toString()).matches()) {
        text.append(text.charAt(text.length() - 1) == ':' ? "" : ".").append(segment);
      } else {
        text.append('[').append(Quote.of(segment.toString())).append(']');
      }
    }
    return text.toString();
  }
}
