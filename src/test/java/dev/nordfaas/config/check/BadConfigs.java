package dev.nordfaas.config.check;

import static java.util.stream.Collectors.joining;

import dev.nordfaas.testing.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The bad stack configs: each a file {@code config/bad/<name>.yaml} with what it sets in and
 * removes from stack {@code oslo}, and the lines of the problems that this makes.
 */
public final class BadConfigs {
  private static final Path FOLDER = Path.of("src/test/resources/config/bad");
  private static final Pattern SEGMENT =
      Pattern.compile("\\[\"([^\"]+)\"]|\\[([0-9]+)]|([^.\\[\\]]+)");

  private BadConfigs() {}

  /**
   * One bad config.
   *
   * @param name of the file
   * @param yaml the whole {@code Pulumi.oslo.yaml} that it makes
   * @param refusedBySchema whether editors see it too
   * @param problems the lines of the message, without their indent
   */
  public record Case(String name, String yaml, boolean refusedBySchema, List<String> problems) {

    /** The whole message for a stack. */
    public String message(String stack) {
      return problems.stream()
          .map(line -> "  " + line + "\n")
          .collect(
              joining(
                  "",
                  "Stack '%s' is not valid (%s):\n"
                      .formatted(
                          stack,
                          problems.size() == 1 ? "1 problem" : problems.size() + " problems"),
                  "Fix Pulumi.%1$s.yaml, then run `pulumi preview --stack %1$s` again."
                      .formatted(stack)));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** All bad configs, by name. */
  public static List<Case> all() {
    try (var files = Files.list(FOLDER)) {
      return files.sorted().map(BadConfigs::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bad config of a file. */
  public static Case named(String name) {
    return read(FOLDER.resolve(name + ".yaml"));
  }

  /** Stack {@code oslo} with a patch of {@code set} and {@code remove}. */
  public static String oslo(String patch) {
    return patched("oslo", patch);
  }

  /** A stack of the tests with a patch of {@code set} and {@code remove}. */
  static String patched(String stack, String patch) {
    return dump(patched(stack, (MappingNode) compose(patch)));
  }

  /** A stack's config with a patch of {@code set} and {@code remove}. */
  public static String patch(String config, String patch) {
    return dump(patched((MappingNode) compose(config), (MappingNode) compose(patch)));
  }

  private static Case read(Path file) {
    var patch = (MappingNode) compose(text(file));
    var problems = (SequenceNode) get(patch, "problems");
    return new Case(
        file.getFileName().toString().replace(".yaml", ""),
        dump(patched("oslo", patch)),
        text(get(patch, "schema")).equals("refuses"),
        problems.getValue().stream().map(BadConfigs::text).toList());
  }

  private static MappingNode patched(String name, MappingNode patch) {
    return patched((MappingNode) compose(Fixtures.text(name)), patch);
  }

  private static MappingNode patched(MappingNode stack, MappingNode patch) {
    var config = (MappingNode) get(stack, "config");
    if (get(patch, "set") instanceof MappingNode values) {
      values
          .getValue()
          .forEach(tuple -> set(config, text(tuple.getKeyNode()), tuple.getValueNode()));
    }
    if (get(patch, "remove") instanceof SequenceNode paths) {
      paths.getValue().forEach(path -> remove(config, text(path)));
    }
    return stack;
  }

  private static void set(MappingNode config, String path, Node value) {
    Node parent = config;
    var segments = segments(path);
    for (var segment : segments.subList(0, segments.size() - 1)) {
      var child = get(parent, segment);
      if (child == null) {
        child = new MappingNode(Tag.MAP, new ArrayList<>(), FlowStyle.BLOCK);
        put(parent, segment, child);
      }
      parent = child;
    }
    put(parent, segments.get(segments.size() - 1), value);
  }

  private static void remove(MappingNode config, String path) {
    Node parent = config;
    var segments = segments(path);
    for (var segment : segments.subList(0, segments.size() - 1)) {
      parent = get(parent, segment);
    }
    var last = segments.get(segments.size() - 1);
    if (!((MappingNode) parent).getValue().removeIf(t -> text(t.getKeyNode()).equals(last))) {
      throw new IllegalArgumentException("there is no " + path);
    }
  }

  /** The first segment keeps its {@code nordfaas:}, as the keys of a stack file do. */
  private static List<String> segments(String path) {
    return SEGMENT
        .matcher(path)
        .results()
        .map(
            match ->
                match.group(1) != null
                    ? match.group(1)
                    : match.group(2) != null ? match.group(2) : match.group(3))
        .toList();
  }

  private static Node get(Node parent, String segment) {
    if (parent instanceof SequenceNode list) {
      return list.getValue().get(Integer.parseInt(segment));
    }
    return ((MappingNode) parent)
        .getValue().stream()
            .filter(tuple -> text(tuple.getKeyNode()).equals(segment))
            .map(NodeTuple::getValueNode)
            .findFirst()
            .orElse(null);
  }

  private static void put(Node parent, String segment, Node value) {
    if (parent instanceof SequenceNode list) {
      list.getValue().set(Integer.parseInt(segment), value);
      return;
    }
    var tuples = ((MappingNode) parent).getValue();
    var added = new NodeTuple(new ScalarNode(Tag.STR, segment, ScalarStyle.DOUBLE_QUOTED), value);
    for (var i = 0; i < tuples.size(); i++) {
      if (text(tuples.get(i).getKeyNode()).equals(segment)) {
        tuples.set(i, added);
        return;
      }
    }
    tuples.add(added);
  }

  private static String text(Node scalar) {
    return ((ScalarNode) scalar).getValue();
  }

  private static Node compose(String yaml) {
    return new Compose(LoadSettings.builder().build()).composeString(yaml).orElseThrow();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Scalars keep their quotes or their lack of them, on which it depends what YAML reads. */
  private static String dump(Node node) {
    var settings = DumpSettings.builder().setWidth(200).build();
    return new Present(settings)
        .emitToString(new Serialize(settings).serializeOne(node).iterator());
  }
}
