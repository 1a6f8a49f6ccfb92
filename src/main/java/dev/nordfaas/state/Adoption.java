package dev.nordfaas.state;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What becomes of the objects that {@code up} would create and that the cluster has already.
 *
 * @param adopted become part of the state as they are; {@code up} then changes what differs
 * @param conflicts differ in what cannot be changed, with how
 * @param jobs have to go first: a Job's pods cannot be changed, and it holds nothing
 * @param missing are not in the cluster
 * @param releases of Helm that the adopted ones belong to, as {@code namespace/name}
 */
record Adoption(
    List<PlannedObject> adopted,
    Map<PlannedObject, List<String>> conflicts,
    List<PlannedObject> jobs,
    List<PlannedObject> missing,
    Set<String> releases) {

  private static final String RELEASE = "meta.helm.sh/release-name";
  private static final String RELEASE_NAMESPACE = "meta.helm.sh/release-namespace";

  /** What it means for what the program would make if the cluster has these objects. */
  static Adoption of(List<PlannedObject> planned, Collection<JsonNode> existing) {
    var objects = new HashMap<String, JsonNode>();
    existing.forEach(
        object ->
            ObjectId.ofObject(object)
                .ifPresent(id -> objects.put(PlannedObject.key(object, id), object)));
    var adoption =
        new Adoption(
            new ArrayList<>(),
            new LinkedHashMap<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new TreeSet<>());
    planned.forEach(it -> adoption.add(it, Optional.ofNullable(objects.get(it.key()))));
    return adoption;
  }

  private void add(PlannedObject planned, Optional<JsonNode> existing) {
    if (existing.isEmpty()) {
      missing.add(planned);
      return;
    }
    var differences = FixedFields.differences(planned, existing.get());
    if (planned.kind().equals("Job")) {
      jobs.add(planned);
    } else if (!differences.isEmpty()) {
      conflicts.put(planned, differences);
    } else {
      adopted.add(planned);
      release(existing.get()).ifPresent(releases::add);
    }
  }

  private static Optional<String> release(JsonNode object) {
    var annotations = object.at("/metadata/annotations");
    return Optional.of(annotations.path(RELEASE).asString(""))
        .filter(name -> !name.isEmpty())
        .map(name -> annotations.path(RELEASE_NAMESPACE).asString("") + "/" + name);
  }

  /** Whether {@code up} could go on once the adopted ones are imported. */
  boolean isComplete() {
    return conflicts.isEmpty() && jobs.isEmpty();
  }
}
