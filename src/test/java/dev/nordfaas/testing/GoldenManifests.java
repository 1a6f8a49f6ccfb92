package dev.nordfaas.testing;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@link Golden} does, for the many variants that the tests of the program have: every object
 * has to be valid for the Kubernetes API types, and what is golden already does not stand twice.
 */
public final class GoldenManifests {
  private GoldenManifests() {}

  /**
   * Fails unless the folder holds exactly these Kubernetes objects, one YAML file each, and every
   * one of them is valid for the Kubernetes API types.
   */
  public static void assertManifestsMatch(String folder, List<RecordingMocks.Registered> objects) {
    validate(objects);
    Golden.assertManifestsMatch(folder, objects);
  }

  /**
   * The same for a variant of other stacks: an object that one of them shows already, byte by byte,
   * does not stand in the folder again. {@code files.txt} says where each is.
   *
   * @param others the folders of the others
   */
  public static void assertManifestsMatch(
      String folder, List<String> others, List<RecordingMocks.Registered> objects) {
    validate(objects);
    var files = Golden.manifests(objects);
    var shown = new TreeMap<String, String>();
    for (var other : others) {
      for (var file : files.keySet()) {
        var path = Golden.ROOT.resolve(other).resolve(file);
        if (Files.exists(path)) {
          shown.putIfAbsent(Golden.read(path), other + "/" + file);
        }
      }
    }
    Golden.assertFilesMatch(folder, withIndex(files, shown));
  }

  /**
   * Fails unless the folder holds exactly these files. What is golden elsewhere, byte by byte, does
   * not stand in it again; {@code files.txt} says where each is.
   */
  public static void assertFilesMatchOrAreElsewhere(
      String folder, SortedMap<String, String> files) {
    var shown = new TreeMap<String, String>();
    for (var file : Golden.filesIn(Golden.ROOT)) {
      if (!file.startsWith(folder + "/")) {
        shown.merge(
            Golden.read(Golden.ROOT.resolve(file)),
            file,
            (one, other) -> one.compareTo(other) < 0 ? one : other);
      }
    }
    Golden.assertFilesMatch(folder, withIndex(files, shown));
  }

  private static SortedMap<String, String> withIndex(
      SortedMap<String, String> files, Map<String, String> shown) {
    var own = new TreeMap<String, String>();
    var index = new StringBuilder();
    files.forEach(
        (file, text) -> {
          var elsewhere = shown.get(text);
          if (elsewhere == null) {
            own.put(file, text);
          }
          index.append(elsewhere == null ? file : file + " = " + elsewhere).append('\n');
        });
    own.put("files.txt", index.toString());
    return own;
  }

  private static void validate(List<RecordingMocks.Registered> objects) {
    objects.forEach(object -> KubernetesTypes.validate(object.inputs()));
  }
}
