package dev.nordfaas.importer;

import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.importer.Messages.Place;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a YAML file of OpenFaaS: with variables, anchors and merge keys, and within limits. */
final class YamlFile {
  /** In bytes; the largest real ones have some ten thousand. */
  private static final int LARGEST = 1 << 20;

  private static final int DEEPEST = 50;

  /** Values once aliases are expanded: what keeps a small file from becoming a huge one. */
  private static final int MOST_VALUES = 50_000;

  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setMaxAliasesForCollections(MOST_VALUES).build();

  private final Place file;
  private final Substitution.Result source;
  private final Messages messages;
  private int values;

  private YamlFile(Place file, Substitution.Result source, Messages messages) {
    this.file = file;
    this.source = source;
    this.messages = messages;
  }

  /**
   * The value of a whole file; empty, with a problem, if it cannot be read.
   *
   * @param name the file's name for messages
   * @param variables what is substituted
   */
  static Optional<Value> read(
      Path path, String name, Map<String, String> variables, Messages messages) {
    var file = new Place(name, 0, KeyPath.of());
    return text(path, file, messages)
        .map(it -> Substitution.of(it, variables, file, messages))
        .flatMap(it -> new YamlFile(file, it, messages).value());
  }

  /** The same, without substitution: faas-cli does none in files of variables. */
  static Optional<Value> readAsItIs(Path path, String name, Messages messages) {
    var file = new Place(name, 0, KeyPath.of());
    return text(path, file, messages)
        .map(it -> new Substitution.Result(it, List.of()))
        .flatMap(it -> new YamlFile(file, it, messages).value());
  }

  private static Optional<String> text(Path path, Place file, Messages messages) {
    try {
      if (!Files.isRegularFile(path)) {
        messages.problem(
            file,
            Files.exists(path) ? "is not a file" : "there is no such file",
            "name a stack.yml");
      } else if (Files.size(path) > LARGEST) {
        messages.problem(file, "has more than 1 MiB", "split it");
      } else {
        return Optional.of(Files.readString(path).replaceFirst("^\ufeff", ""));
      }
    } catch (CharacterCodingException e) {
      messages.problem(file, "is not text in UTF-8", "convert it");
    } catch (IOException e) {
      messages.problem(file, "cannot be read: " + e.getMessage(), "check its permissions");
    }
    return Optional.empty();
  }

  private Optional<Value> value() {
    try {
      if (isTooDeep()) {
        messages.problem(
            file, "has values more than %d levels deep".formatted(DEEPEST), "write it flatter");
        return Optional.empty();
      }
      return new Compose(SETTINGS)
          .composeString(source.text())
          .map(root -> value(root, KeyPath.of(), line(root)))
          .or(
              () -> {
                messages.problem(file, "is empty", "name a stack.yml");
                return Optional.empty();
              });
    } catch (TooMuch e) {
      messages.problem(
          file,
          "has more than %d values, with its aliases expanded".formatted(MOST_VALUES),
          "split it");
    } catch (MarkedYamlEngineException e) {
      var at = e.getProblemMark().map(mark -> sourceLine(mark.getLine() + 1)).orElse(0);
      messages.problem(
          new Place(file.file(), at, file.path()),
          "is not YAML: " + oneLine(e.getProblem()),
          "correct it");
    } catch (YamlEngineException e) {
      messages.problem(
          file, "is not YAML: " + oneLine(String.valueOf(e.getMessage())), "correct it");
    }
    return Optional.empty();
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  /** The composer recurses; the parser of its events does not. */
  private boolean isTooDeep() {
    var depth = 0;
    for (Event event : new Parse(SETTINGS).parseString(source.text())) {
      if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
        return true;
      }
      if (event instanceof CollectionEndEvent) {
        depth--;
      }
    }
    return false;
  }

  private Value value(Node node, KeyPath path, int line) {
    if (++values > MOST_VALUES) {
      throw new TooMuch();
    }
    if (node.isRecursive()) {
      messages.problem(place(path, line), "contains itself", "remove the alias");
      return new Value.Scalar("", true, line);
    }
    if (node instanceof MappingNode mapping) {
      return new Value.Mapping(entries(mapping, path), line);
    }
    if (node instanceof SequenceNode sequence) {
      var items = new ArrayList<Value>();
      for (var item : sequence.getValue()) {
        items.add(value(item, path.index(items.size()), line(item)));
      }
      return new Value.Sequence(List.copyOf(items), line);
    }
    var scalar = (ScalarNode) node;
    var isNull = scalar.getScalarStyle() == ScalarStyle.PLAIN && NULLS.contains(scalar.getValue());
    return new Value.Scalar(set(scalar.getValue(), path, line), isNull, line);
  }

  private Map<String, Value> entries(MappingNode mapping, KeyPath path) {
    var merged = new LinkedHashMap<String, Value>();
    var own = new LinkedHashMap<String, Value>();
    for (var tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode node)) {
        messages.problem(
            place(path, line(tuple.getKeyNode())), "has a key that is no text", "write a name");
        continue;
      }
      var line = line(node);
      var key = set(node.getValue(), path, line);
      if (key.equals("<<") && node.getScalarStyle() == ScalarStyle.PLAIN) {
        merge(tuple.getValueNode(), path, line, merged);
      } else if (own.put(key, value(tuple.getValueNode(), path.key(key), line)) != null) {
        messages.problem(place(path.key(key), line), "is there twice", "remove one of the two");
      }
    }
    own.forEach((key, value) -> merged.put(key, value));
    return merged;
  }

  /** Of several merged maps the first one that has a key counts. */
  private void merge(Node node, KeyPath path, int line, Map<String, Value> merged) {
    var value = value(node, path.key("<<"), line);
    var maps = value instanceof Value.Sequence sequence ? sequence.items() : List.of(value);
    for (var map : maps) {
      if (map instanceof Value.Mapping mapping) {
        mapping.entries().forEach(merged::putIfAbsent);
      } else {
        messages.problem(
            place(path, line), "merges something that is no map", "use an alias of a map");
      }
    }
  }

  private String set(String text, KeyPath path, int line) {
    var unset = Substitution.UNSET.matcher(text);
    while (unset.find()) {
      messages.problem(
          place(path, line),
          "the variable %s is not set".formatted(unset.group(1)),
          "set it, or give it a default: ${%s:-default}".formatted(unset.group(1)));
    }
    return unset.replaceAll("");
  }

  private Place place(KeyPath path, int line) {
    return new Place(file.file(), line, path);
  }

  private int line(Node node) {
    return node.getStartMark().map(mark -> sourceLine(mark.getLine() + 1)).orElse(0);
  }

  private int sourceLine(int textLine) {
    return source.lines().isEmpty() ? textLine : source.sourceLine(textLine);
  }

  private static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
