package dev.nordfaas.testing;

import java.nio.file.Path;

/** The files {@code Pulumi.<stack>.yaml} of a folder. */
final class StackFiles {
  private StackFiles() {}

  /** The stack that a file is of. */
  static String nameOf(Path file) {
    return file.getFileName()
        .toString()
        .replaceFirst("^Pulumi\\.", "")
        .replaceFirst("\\.yaml$", "");
  }
}
