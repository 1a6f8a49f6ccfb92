package dev.nordfaas.plan;

import dev.nordfaas.manifest.PodNetworkPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.stream.Stream;

/**
 * Finds policies by labels without looking at all of them: with 1000 functions, every workload
 * would be compared with every other several times.
 */
final class LabelIndex {
  private final List<PodNetworkPolicy> all;
  private final Map<Entry<String, String>, List<PodNetworkPolicy>> byPodLabel;
  private final Map<Entry<String, String>, List<PodNetworkPolicy>> byRarestSelector;
  private final List<PodNetworkPolicy> selectEverything;

  LabelIndex(List<PodNetworkPolicy> policies) {
    all = List.copyOf(policies);
    byPodLabel = new HashMap<>();
    byRarestSelector = new HashMap<>();
    selectEverything = all.stream().filter(it -> it.selector().isEmpty()).toList();
    all.forEach(policy -> add(byPodLabel, policy, policy.podLabels().entrySet()));
    var selectors = new HashMap<Entry<String, String>, List<PodNetworkPolicy>>();
    all.forEach(policy -> add(selectors, policy, policy.selector().entrySet()));
    for (var policy : all) {
      policy.selector().entrySet().stream()
          .min(Comparator.comparingInt(entry -> found(selectors, entry).size()))
          .ifPresent(rarest -> add(byRarestSelector, policy, List.of(rarest)));
    }
  }

  private static void add(
      Map<Entry<String, String>, List<PodNetworkPolicy>> index,
      PodNetworkPolicy policy,
      Iterable<Entry<String, String>> entries) {
    entries.forEach(
        entry ->
            index
                .computeIfAbsent(
                    Map.entry(entry.getKey(), entry.getValue()), any -> new ArrayList<>())
                .add(policy));
  }

  /** Those whose pods may have all of these labels: as many as have the rarest of them. */
  List<PodNetworkPolicy> withPods(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(entry -> found(byPodLabel, entry))
        .min(Comparator.comparingInt(List::size))
        .orElse(all);
  }

  /** Those that may select pods with these labels. */
  Stream<PodNetworkPolicy> selecting(Map<String, String> labels) {
    return Stream.concat(
        selectEverything.stream(),
        labels.entrySet().stream().flatMap(entry -> found(byRarestSelector, entry).stream()));
  }

  private static List<PodNetworkPolicy> found(
      Map<Entry<String, String>, List<PodNetworkPolicy>> index, Entry<String, String> entry) {
    return index.getOrDefault(Map.entry(entry.getKey(), entry.getValue()), List.of());
  }
}
