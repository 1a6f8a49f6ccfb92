package dev.nordfaas.components;

import com.pulumi.core.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Combines secrets. */
final class Secrets {
  private Secrets() {}

  /** Turns a map of outputs into one secret output of a map. */
  static <T> Output<Map<String, String>> all(
      SortedMap<String, T> values, Function<T, Output<String>> secret) {
    var keys = List.copyOf(values.keySet());
    return Output.all(values.values().stream().map(secret).toList())
        .applyValue(texts -> zip(keys, texts))
        .asSecret();
  }

  private static Map<String, String> zip(List<String> keys, List<String> texts) {
    var result = new TreeMap<String, String>();
    var remaining = new ArrayList<>(texts).iterator();
    keys.forEach(key -> result.put(key, remaining.next()));
    return result;
  }
}
