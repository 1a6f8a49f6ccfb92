package dev.nordfaas.postgres;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings of a config file as data, for the file itself, and for an operator that gets them
 * without a file.
 *
 * @param groups groups of settings, separated by blank lines
 */
public record Settings(List<List<Setting>> groups) {
  public Settings {
    groups = groups.stream().map(List::copyOf).toList();
  }

  /** The groups of both, one after the other. */
  Settings and(Settings others) {
    return new Settings(Stream.concat(groups.stream(), others.groups.stream()).toList());
  }

  /** The lines of the file. */
  String file() {
    return groups.stream().map(Settings::lines).collect(Collectors.joining("\n"));
  }

  /** The lines of settings that need a restart, without comments. */
  String restartingPart() {
    return all().filter(Setting::needsRestart).map(Setting::line).collect(Collectors.joining("\n"));
  }

  /**
   * The values by name.
   *
   * @param without names that are left out
   */
  public SortedMap<String, String> values(Set<String> without) {
    var values = new TreeMap<String, String>();
    all()
        .filter(setting -> !without.contains(setting.name()))
        .forEach(setting -> values.put(setting.name(), setting.value()));
    return values;
  }

  private Stream<Setting> all() {
    return groups.stream().flatMap(List::stream);
  }

  /** Each line of a comment becomes a comment line. */
  private static String lines(List<Setting> group) {
    return group.stream()
        .map(
            setting ->
                setting
                        .comment()
                        .map(
                            text ->
                                text.lines().map("# %s\n"::formatted).collect(Collectors.joining()))
                        .orElse("")
                    + setting.line()
                    + "\n")
        .collect(Collectors.joining());
  }
}
