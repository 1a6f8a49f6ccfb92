package dev.nordfaas.approval;

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
 * every text in it that is the path of something in the project.
 */
final class ReferencedFiles {
  private final Path project;
  private final SortedMap<String, String> digests = new TreeMap<>();

  private ReferencedFiles(Path project) {
    this.project = project;
  }

  static SortedMap<String, String> of(Path config, Path project) throws IOException {
    var files = new ReferencedFiles(project.toAbsolutePath().normalize());
    files.addAll(new YAMLMapper().readTree(Files.readString(config)));
    return files.digests;
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
        try (var content = Files.newInputStream(file)) {
          digests.put(project.relativize(file).toString(), Digest.of(content));
        }
      }
    }
  }
}
