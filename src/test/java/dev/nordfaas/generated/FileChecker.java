package dev.nordfaas.generated;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Checks files one by one; the same text only once, as most do not differ between configs. */
abstract class FileChecker implements Checker {
  private final String name;
  private final Map<String, List<String>> known = new HashMap<>();

  FileChecker(String name) {
    this.name = name;
  }

  /** The files to check, by where they are. */
  abstract Map<String, String> files(Rendering rendering);

  /** What is wrong with one. */
  abstract List<String> problems(String file, String text);

  @Override
  public final List<Refusal> check(Rendering rendering) {
    var refusals = new ArrayList<Refusal>();
    files(rendering)
        .forEach(
            (file, text) -> {
              var digest = digest(text);
              var problems = known.get(digest);
              if (problems == null) {
                problems = List.copyOf(problems(file, text));
                known.put(digest, problems);
              }
              problems.forEach(it -> refusals.add(new Refusal(name, file, it)));
            });
    return refusals;
  }

  /** How many different texts it has checked. */
  int checked() {
    return known.size();
  }

  String name() {
    return name;
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
