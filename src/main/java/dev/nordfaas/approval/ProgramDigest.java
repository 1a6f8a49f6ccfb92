package dev.nordfaas.approval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.zip.ZipFile;

/**
 * What a jar consists of, whenever and in whatever order it was packed: the job that applies a plan
 * builds the program once more.
 */
final class ProgramDigest {
  private ProgramDigest() {}

  static String of(Path jar) throws IOException {
    var lines = new ArrayList<String>();
    try (var zip = new ZipFile(jar.toFile())) {
      for (var entry : Collections.list(zip.entries())) {
        if (!entry.isDirectory()) {
          try (var content = zip.getInputStream(entry)) {
            lines.add(Digest.of(content) + " " + entry.getName());
          }
        }
      }
    }
    Collections.sort(lines);
    return Digest.of(String.join("\n", lines));
  }
}
