package dev.nordfaas.graph;

import dev.nordfaas.plan.Pods;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Lists pods by name: first those that always run, then those that end. */
final class PodNames {
  private PodNames() {}

  static List<String> of(Collection<Pods> pods, Function<Pods, String> name) {
    var names = new ArrayList<String>();
    pods.stream().filter(it -> it.turn().isEmpty()).map(name).distinct().forEach(names::add);
    var jobs = pods.stream().filter(it -> it.turn().isPresent()).map(name).distinct().toList();
    for (var index = 0; index < jobs.size(); index++) {
      names.add(index == 0 ? "jobs: " + jobs.get(0) : jobs.get(index));
    }
    return names;
  }
}
