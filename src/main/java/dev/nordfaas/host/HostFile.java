package dev.nordfaas.host;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * A file of a node, owned by root and world-readable.
 *
 * @param path absolute
 * @param content text that ends with a line break
 */
public record HostFile(String path, String content) {
  /**
   * The files as one text, each below a line {@code ==> path}, as the node's scripts expect them.
   */
  public static String bundle(Collection<HostFile> files) {
    return files.stream()
        .map(file -> "==> %s\n%s".formatted(file.path(), file.content()))
        .collect(Collectors.joining());
  }
}
