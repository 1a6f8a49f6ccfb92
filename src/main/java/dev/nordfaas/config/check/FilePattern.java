package dev.nordfaas.config.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * A path with wildcards, as shells read them: what is hidden is not meant, and {@code **} follows
 * no links, which could lead back.
 */
final class FilePattern {
  private static final String FOLDERS = "**";

  private final List<String> segments;

  private FilePattern(String pattern) {
    segments = List.of(pattern.split("/"));
  }

  /** The paths that it matches, relative to the folder; of anything, not only of files. */
  static SortedSet<String> matches(Path folder, String pattern) throws IOException {
    var found = new TreeSet<String>();
    new FilePattern(pattern).find(folder, "", 0, found);
    return found;
  }

  /** Whether it can match several paths. */
  static boolean isWild(String pattern) {
    return pattern.contains("*") || pattern.contains("?");
  }

  private void find(Path folder, String prefix, int at, SortedSet<String> found)
      throws IOException {
    var segment = segments.get(at);
    if (segment.equals(FOLDERS)) {
      find(folder, prefix, at + 1, found);
      for (var name : names(folder, "*")) {
        if (Files.isDirectory(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
          find(folder.resolve(name), prefix + name + "/", at, found);
        }
      }
      return;
    }
    for (var name : isWild(segment) ? names(folder, segment) : List.of(segment)) {
      var path = folder.resolve(name);
      if (at + 1 < segments.size()) {
        if (Files.isDirectory(path)) {
          find(path, prefix + name + "/", at + 1, found);
        }
      } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        found.add(prefix + name);
      }
    }
  }

  private static List<String> names(Path folder, String wild) throws IOException {
    try (var paths = Files.newDirectoryStream(folder, wild)) {
      return StreamSupport.stream(paths.spliterator(), false)
          .map(path -> path.getFileName().toString())
          .filter(name -> wild.startsWith(".") || !name.startsWith("."))
          .toList();
    }
  }
}
