package dev.nordfaas.generated;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes a config that fails smaller, for as long as it fails in the same way. */
final class Smallest {
  private Smallest() {}

  /**
   * The config without everything that its failure does not need, the largest parts first.
   *
   * @param fails whether a config fails in the same way
   * @param tries how many configs are tried at most
   */
  static GeneratedConfig of(GeneratedConfig config, Predicate<GeneratedConfig> fails, int tries) {
    var smallest = config;
    var left = tries;
    for (var improved = true; improved && left > 0; ) {
      improved = false;
      for (var place : places(smallest.tree())) {
        if (left-- <= 0) {
          break;
        }
        var tree = smallest.tree().deepCopy();
        if (remove(tree, place)) {
          var smaller = new GeneratedConfig(tree);
          if (fails.test(smaller)) {
            smallest = smaller;
            improved = true;
          }
        }
      }
    }
    return smallest;
  }

  private record Place(List<Object> path, int size) {}

  /** From the end of lists on, so that the positions of what comes before stay right. */
  private static List<Place> places(ObjectNode tree) {
    var places = new ArrayList<Place>();
    collect(tree, List.of(), places);
    places.sort(Comparator.comparingInt(Place::size).reversed());
    return places;
  }

  private static void collect(JsonNode node, List<Object> path, List<Place> places) {
    if (!path.isEmpty()) {
      places.add(new Place(path, GeneratedConfig.size(node)));
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(it -> collect(it.getValue(), plus(path, it.getKey()), places));
    }
    if (node instanceof ArrayNode array) {
      for (var i = array.size() - 1; i >= 0; i--) {
        collect(array.get(i), plus(path, i), places);
      }
    }
  }

  private static List<Object> plus(List<Object> path, Object segment) {
    var longer = new ArrayList<>(path);
    longer.add(segment);
    return longer;
  }

  /** Whether it was still there. */
  private static boolean remove(JsonNode tree, Place place) {
    var node = tree;
    for (var segment : place.path().subList(0, place.path().size() - 1)) {
      node = segment instanceof Integer index ? node.path(index) : node.path((String) segment);
    }
    var last = place.path().get(place.path().size() - 1);
    if (node instanceof ObjectNode object && last instanceof String name) {
      return object.remove(name) != null;
    }
    if (node instanceof ArrayNode array && last instanceof Integer index && index < array.size()) {
      array.remove(index);
      return true;
    }
    return false;
  }
}
