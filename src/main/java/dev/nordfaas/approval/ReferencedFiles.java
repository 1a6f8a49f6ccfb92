package dev.nordfaas.approval;

import dev.nordfaas.config.check.FunctionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The files that a stack's config names, such as schemas and migrations, each with its digest:
 * every text in it that is the path of something in the project; and those with its functions, with
 * what they name.
 */
final class ReferencedFiles {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final Path project;
  private final SortedMap<String, String> digests = new TreeMap<>();

  private ReferencedFiles(Path project) {
    this.project = project;
  }

  static SortedMap<String, String> of(Path config, Path project) throws IOException {
    var files = new ReferencedFiles(project.toAbsolutePath().normalize());
    var tree = YAML.readTree(Files.readString(config));
    files.addAll(tree);
    for (var key : new String[] {"nordfaas:functionFiles", "functionFiles"}) {
      for (var pattern : tree.path("config").path(key).values()) {
        files.addFunctions(pattern.asString(""));
      }
    }
    return files.digests;
  }

  private void addFunctions(String pattern) throws IOException {
    for (var file : FunctionFiles.matching(project, pattern)) {
      add(project.resolve(file));
      addAll(YAML.readTree(Files.readString(project.resolve(file))));
    }
  }

  private void addAll(JsonNode node) throws IOException {
    if (node.isString()) {
      addIfThere(node.stringValue());
    }
    for (var child : node.values()) {
      addAll(child);
    }
  }

  private void addIfThere(String text) throws IOException {
    Path path;
    try {
      path = project.resolve(text).normalize();
    } catch (InvalidPathException e) {
      return;
    }
    // A bare word is a name of something else, even where a folder is called so.
    if (!text.contains("/") || !path.startsWith(project) || !Files.exists(path)) {
      return;
    }
    try (var files = Files.walk(path)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        add(file);
      }
    }
  }

  private void add(Path file) throws IOException {
    try (var content = Files.newInputStream(file)) {
      digests.put(project.relativize(file).toString(), Digest.of(content));
    }
  }
}
