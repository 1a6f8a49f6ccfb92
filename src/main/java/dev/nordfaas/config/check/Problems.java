package dev.nordfaas.config.check;

import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Collects everything that is wrong with a stack config, so that it is reported at once. */
public final class Problems {
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final Set<KeyPath> tainted = new HashSet<>();
  private final Map<KeyPath, KeyPath> written = new HashMap<>();
  private final Map<KeyPath, Optional<String>> files = new HashMap<>();

  /**
   * One thing that is wrong.
   *
   * @param path the key to change
   * @param file where it is to be changed; empty: in the stack's own file
   * @param reason what is wrong, in a clause whose subject is the key or its value
   * @param fix what to do about it
   */
  public record Problem(KeyPath path, Optional<String> file, String reason, String fix) {
    @Override
    public String toString() {
      return path + file.map(" (%s)"::formatted).orElse("") + ": " + reason + "; " + fix;
    }
  }

  /**
   * Adds a problem that a rule has found in well-formed values. It is dropped if one of these
   * values only substitutes a malformed one, which has already been reported.
   *
   * @param derivedFrom the other keys that the rule looked at
   * @throws IllegalArgumentException if one of the keys does not exist in stack configs
   */
  public void add(KeyPath path, String reason, String fix, KeyPath... derivedFrom) {
    addTo(problems, path, reason, fix, derivedFrom);
  }

  /**
   * Adds a warning about something that works, but not as well as the config suggests. The plan
   * shows it; nothing fails.
   *
   * @param derivedFrom the other keys that the rule looked at
   * @throws IllegalArgumentException if one of the keys does not exist in stack configs
   */
  public void warn(KeyPath path, String reason, String fix, KeyPath... derivedFrom) {
    addTo(warnings, path, reason, fix, derivedFrom);
  }

  private void addTo(
      List<Problem> found, KeyPath path, String reason, String fix, KeyPath... derivedFrom) {
    requireKey(path);
    Stream.of(derivedFrom).forEach(Problems::requireKey);
    if (isTainted(path) || Stream.of(derivedFrom).anyMatch(this::isTainted)) {
      return;
    }
    found.add(new Problem(path, Optional.empty(), reason, fix));
  }

  /** Naming a key that does not exist would send the reader in circles. */
  private static void requireKey(KeyPath path) {
    if (!ConfigModel.has(path)) {
      throw new IllegalArgumentException(path + " is not a key of the stack config");
    }
  }

  /** Adds a problem with a malformed value and taints its substitute. */
  void addMalformed(KeyPath path, String reason, String fix) {
    addMalformed(path, Optional.empty(), reason, fix);
  }

  /** The same of one that stands in this file, where others may have the key as well. */
  void addMalformed(KeyPath path, Optional<String> file, String reason, String fix) {
    problems.add(new Problem(path, file, reason, fix));
    taint(path);
  }

  /** Adds a warning about a key that only an earlier release has. */
  void warnOfEarlier(KeyPath path, String reason, String fix) {
    warnings.add(new Problem(path, Optional.empty(), reason, fix));
  }

  /** Everything about the value at {@code path} is said of {@code from}, where the user has it. */
  void wasWritten(KeyPath path, KeyPath from) {
    written.put(path, from);
  }

  /**
   * The value at {@code path}, and whatever is below it, stands in that file, unless it is said of
   * something below; empty: in the stack's own.
   */
  void standsIn(KeyPath path, Optional<String> file) {
    files.put(path, file);
  }

  /** The file that the value at {@code path} stands in; empty: the stack's own. */
  Optional<String> fileOf(KeyPath path) {
    for (var end = path.segments().size(); end > 0 && !files.isEmpty(); end--) {
      var file = files.get(path.first(end));
      if (file != null) {
        return file;
      }
    }
    return Optional.empty();
  }

  /** Marks a value that is not the user's. */
  void taint(KeyPath path) {
    tainted.add(path);
  }

  private boolean isTainted(KeyPath path) {
    return tainted.stream().anyMatch(path::isRelatedTo);
  }

  public boolean isEmpty() {
    return problems.isEmpty();
  }

  /**
   * The problems in the order of the keys in the reference; those of one key in the order of
   * discovery.
   */
  public List<Problem> sorted() {
    return sorted(problems);
  }

  /** The warnings in the same order. */
  public List<Problem> warnings() {
    return sorted(warnings);
  }

  private List<Problem> sorted(List<Problem> found) {
    var sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparing(Problem::path, new KeyOrder(ConfigModel.stackConfig())));
    return sorted.stream().map(this::asWritten).toList();
  }

  private Problem asWritten(Problem problem) {
    var path = asWritten(problem.path());
    return new Problem(
        path, problem.file().or(() -> fileOf(path)), problem.reason(), problem.fix());
  }

  /** From the inside out, as a renamed key can be below another. */
  private KeyPath asWritten(KeyPath path) {
    var found = path;
    for (var end = path.segments().size(); end > 0; end--) {
      var from = written.get(found.first(end));
      if (from != null) {
        found = from.plus(found, end);
      }
    }
    return found;
  }
}
