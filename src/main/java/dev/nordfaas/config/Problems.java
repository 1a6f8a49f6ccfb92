package dev.nordfaas.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects everything that is wrong with a stack config, so that it is reported at once. */
public final class Problems {
  private final List<Problem> problems = new ArrayList<>();
  private final Set<KeyPath> tainted = new HashSet<>();

  /**
   * One thing that is wrong.
   *
   * @param path the key to change
   * @param reason what is wrong, in a clause whose subject is the key or its value
   * @param fix what to do about it
   */
  public record Problem(KeyPath path, String reason, String fix) {
    @Override
    public String toString() {
      return path + ": " + reason + "; " + fix;
    }
  }

  /**
   * Adds a problem that a rule has found in well-formed values. It is dropped if one of the values
   * that it was found in is only a stand-in for a malformed one: that one is reported already.
   *
   * @param derivedFrom the other keys that the rule looked at
   */
  public void add(KeyPath path, String reason, String fix, KeyPath... derivedFrom) {
    if (isTainted(path)) {
      return;
    }
    for (var other : derivedFrom) {
      if (isTainted(other)) {
        return;
      }
    }
    problems.add(new Problem(path, reason, fix));
  }

  /** Adds a problem of a malformed value and marks what stands in for the value. */
  void addMalformed(KeyPath path, String reason, String fix) {
    problems.add(new Problem(path, reason, fix));
    taint(path);
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

  /** The problems in the order of the keys in the reference; those of one key as they came. */
  public List<Problem> sorted() {
    var sorted = new ArrayList<>(problems);
    sorted.sort(Comparator.comparing(Problem::path, new KeyOrder(ConfigModel.stackConfig())));
    return List.copyOf(sorted);
  }
}
