package dev.nordfaas.image;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Replaces an image in the text of a {@code Pulumi.<stack>.yaml}, or of a file with its functions:
 * nothing else changes, including comments and blank lines.
 *
 * @param text the new text
 * @param keys the keys that now have the image
 */
record ImageEdit(String text, List<String> keys) {
  private static final String FUNCTIONS = "nordfaas:functions";
  private static final String QUEUE_WORKER = "nordfaas:queueWorker";
  private static final String IMAGE = "image";
  private static final Pattern REPOSITORY = Pattern.compile("(?:.*/)?([^/:@]+)(?::[^/@]*)?(@.*)?");

  /**
   * Sets the image of everything that already runs the image of that name; if nothing does, that of
   * the function of that name, which is added to the stack's own file if it does not exist.
   *
   * @return an edit of each text, that of the stack first; without keys where nothing changes
   * @throws IllegalArgumentException if a text is not such a file in YAML's block style
   */
  static List<ImageEdit> of(String stack, List<String> files, String name, String image) {
    var own = Editor.ofStack(stack);
    var editors = Stream.concat(Stream.of(own), files.stream().map(Editor::ofFunctions)).toList();
    var running = editors.stream().map(it -> it.replaced(it.running(name), image)).toList();
    if (changes(running)) {
      return running;
    }
    var named = editors.stream().map(it -> it.replaced(it.functionNamed(name), image)).toList();
    if (changes(named)) {
      return named;
    }
    return Stream.concat(Stream.of(own.added(name, image)), named.stream().skip(1)).toList();
  }

  private static boolean changes(List<ImageEdit> edits) {
    return edits.stream().anyMatch(edit -> !edit.keys().isEmpty());
  }

  private record Place(String key, int from, int to) {}

  private record Editor(String yaml, Optional<Node> queueWorker, Optional<Node> functions) {
    static Editor ofStack(String yaml) {
      var config =
          root(yaml)
              .flatMap(root -> child(root, "config"))
              .filter(MappingNode.class::isInstance)
              .orElseThrow(() -> new IllegalArgumentException("there is no config in it"));
      return new Editor(yaml, child(config, QUEUE_WORKER), child(config, FUNCTIONS));
    }

    static Editor ofFunctions(String yaml) {
      return new Editor(yaml, Optional.empty(), root(yaml));
    }

    private static Optional<Node> root(String yaml) {
      try {
        return new Compose(LoadSettings.builder().build()).composeString(yaml);
      } catch (YamlEngineException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }

    /** What runs an image of that name. */
    List<Place> running(String name) {
      var places = new ArrayList<Place>();
      queueWorker
          .flatMap(it -> image(it, QUEUE_WORKER))
          .filter(it -> repositoryOf(it).equals(name))
          .ifPresent(places::add);
      for (var function : entries(functions)) {
        image(function.getValueNode(), FUNCTIONS + "." + text(function.getKeyNode()))
            .filter(it -> repositoryOf(it).equals(name))
            .ifPresent(places::add);
      }
      return places;
    }

    List<Place> functionNamed(String name) {
      return functions
          .flatMap(all -> child(all, name))
          .flatMap(function -> image(function, FUNCTIONS + "." + name))
          .stream()
          .toList();
    }

    ImageEdit replaced(List<Place> places, String image) {
      var text = new StringBuilder(yaml);
      places.stream()
          .sorted(Comparator.comparingInt(Place::from).reversed())
          .forEach(place -> text.replace(place.from(), place.to(), image));
      return new ImageEdit(text.toString(), places.stream().map(Place::key).toList());
    }

    ImageEdit added(String name, String image) {
      var own =
          functions
              .filter(MappingNode.class::isInstance)
              .map(MappingNode.class::cast)
              .filter(it -> it.getFlowStyle() == FlowStyle.BLOCK && !it.getValue().isEmpty())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "there is no %s with a function in lines of its own to add %s to"
                              .formatted(FUNCTIONS, name)));
      if (child(own, name).isPresent()) {
        throw new IllegalArgumentException(
            "%s.%s has no image to replace; add one".formatted(FUNCTIONS, name));
      }
      var first = own.getValue().get(0).getKeyNode();
      var at = start(first);
      var indent = " ".repeat(first.getStartMark().orElseThrow().getColumn());
      var lines = "%s:\n%s  image: %s\n%s".formatted(name, indent, image, indent);
      return new ImageEdit(
          yaml.substring(0, at) + lines + yaml.substring(at), List.of(FUNCTIONS + "." + name));
    }

    private Optional<Place> image(Node owner, String key) {
      return child(owner, IMAGE)
          .filter(ScalarNode.class::isInstance)
          .map(it -> new Place(key, start(it), offset(it.getEndMark().orElseThrow().getIndex())));
    }

    private String repositoryOf(Place place) {
      var image = yaml.substring(place.from(), place.to()).replaceAll("['\"]", "");
      var matcher = REPOSITORY.matcher(image);
      return matcher.matches() ? matcher.group(1) : "";
    }

    private int start(Node node) {
      return offset(node.getStartMark().orElseThrow().getIndex());
    }

    /** Marks of the YAML parser count code points. */
    private int offset(int codePoints) {
      return yaml.offsetByCodePoints(0, codePoints);
    }
  }

  private static List<NodeTuple> entries(Optional<Node> node) {
    return node.filter(MappingNode.class::isInstance)
        .map(it -> ((MappingNode) it).getValue())
        .orElse(List.of());
  }

  private static Optional<Node> child(Node node, String key) {
    return entries(Optional.of(node)).stream()
        .filter(tuple -> text(tuple.getKeyNode()).equals(key))
        .map(NodeTuple::getValueNode)
        .findFirst();
  }

  private static String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }
}
