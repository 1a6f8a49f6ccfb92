package dev.nordfaas.config.check;

import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyModel;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.config.model.Quote;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files that a stack has functions in, besides its own. A function may be in several places, as
 * its secrets can only be in the stack's own; no value may.
 */
public final class FunctionFiles {
  static final String SECTION = "functionFiles";
  static final String FUNCTIONS = "functions";

  private static final KeyPath LIST = KeyPath.of(SECTION);
  private static final KeyPath MAP = KeyPath.of(FUNCTIONS);

  private final ConfigSource source;
  private final Path project;
  private final Problems problems;

  private FunctionFiles(ConfigSource source, Problems problems) {
    this.source = source;
    this.project = real(source.project());
    this.problems = problems;
  }

  /** The files of a stack that there are. */
  public static List<Path> of(ConfigSource source) {
    return patterns(source)
        .map(it -> new FunctionFiles(source, new Problems()).files(it))
        .map(files -> files.keySet().stream().map(source.project()::resolve).toList())
        .orElse(List.of());
  }

  /** The files that an entry of {@code functionFiles} stands for, relative to the project. */
  public static List<Path> matching(Path project, String pattern) throws IOException {
    return isPattern(pattern)
        ? FilePattern.matches(project, pattern).stream().map(Path::of).toList()
        : List.of();
  }

  private static boolean isPattern(String text) {
    return text.matches(key(SECTION).key().pattern());
  }

  /**
   * The same stack with all of its functions in its own file; as it is if that is not possible, for
   * reasons that {@link ConfigLoader} gives.
   */
  public static ConfigSource inlined(ConfigSource source) {
    var problems = new Problems();
    var functions = merge(source, tree(source, FUNCTIONS), problems);
    if (!problems.isEmpty() || patterns(source).isEmpty()) {
      return source;
    }
    var sections = new LinkedHashMap<>(source.sections());
    sections.remove(SECTION);
    sections.put(FUNCTIONS, functions.toString());
    return source.with(sections);
  }

  /** The functions of the stack's own file, and those of the others. */
  static JsonNode merge(ConfigSource source, JsonNode own, Problems problems) {
    if (!(tree(source, SECTION) instanceof ArrayNode patterns)) {
      problems.taint(MAP);
      return own;
    }
    return patterns.isEmpty() ? own : new FunctionFiles(source, problems).merged(patterns, own);
  }

  /** Empty for a stack without such files, of which nothing more has to be loaded. */
  private static Optional<ArrayNode> patterns(ConfigSource source) {
    return tree(source, SECTION) instanceof ArrayNode list && !list.isEmpty()
        ? Optional.of(list)
        : Optional.empty();
  }

  private static JsonNode tree(ConfigSource source, String section) {
    return ConfigLoader.tree(source.sections().get(section), key(section).type());
  }

  private static KeyModel key(String section) {
    return ConfigModel.stackConfig().key(section).orElseThrow();
  }

  private JsonNode merged(ArrayNode patterns, JsonNode own) {
    if (!(own instanceof ObjectNode functions)) {
      return own;
    }
    var merge = new FunctionMerge(problems, "Pulumi.%s.yaml".formatted(source.stack()));
    var type = key(FUNCTIONS).type();
    var reader = new FunctionFileReader(project);
    for (var file : files(patterns).entrySet()) {
      read(reader, file.getKey(), file.getValue())
          .ifPresent(more -> merge.add(more, type, file.getKey()));
    }
    merge.addOwn(functions);
    return merge.functions();
  }

  /** The files by their names, each with what has led to it. */
  private SortedMap<String, KeyPath> files(ArrayNode patterns) {
    var files = new TreeMap<String, KeyPath>();
    for (var i = 0; i < patterns.size(); i++) {
      var at = LIST.index(i);
      var pattern = patterns.get(i);
      if (!isWellFormed(pattern)) {
        // The section's own check says so.
        problems.taint(MAP);
      } else {
        matches(pattern.stringValue(), at).forEach(file -> files.putIfAbsent(file, at));
      }
    }
    return files;
  }

  private boolean isWellFormed(JsonNode pattern) {
    return pattern.isString()
        && !source.secretSections().contains(SECTION)
        && isPattern(pattern.stringValue());
  }

  private Iterable<String> matches(String pattern, KeyPath at) {
    try {
      var matches = FilePattern.matches(project, pattern);
      if (matches.isEmpty()) {
        problem(
            at,
            Optional.empty(),
            FilePattern.isWild(pattern)
                ? Quote.of(pattern) + " matches no file"
                : pattern + " is not there",
            "correct the path, which is relative to the folder of Pulumi.yaml, or remove it");
      }
      return matches;
    } catch (IOException e) {
      problem(
          at,
          Optional.empty(),
          "%s cannot be looked for: %s".formatted(pattern, e.getMessage()),
          "correct that");
      return List.of();
    }
  }

  /** In a folder that there is not, no file is found either. */
  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder.toAbsolutePath();
    }
  }

  private Optional<ObjectNode> read(FunctionFileReader reader, String file, KeyPath at) {
    try {
      return Optional.of(reader.read(file));
    } catch (FunctionFileReader.Unusable e) {
      problem(at, Optional.of(file), e.refusal().reason(), e.refusal().fix());
      return Optional.empty();
    }
  }

  /** Nobody knows then which functions there are. */
  private void problem(KeyPath at, Optional<String> file, String reason, String fix) {
    problems.addMalformed(at, file, reason, fix);
    problems.taint(MAP);
  }
}
