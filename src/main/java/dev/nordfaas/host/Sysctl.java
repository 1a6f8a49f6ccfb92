package dev.nordfaas.host;

import java.util.List;

/**
 * One kernel setting of a node.
 *
 * @param name with dots, such as {@code net.core.somaxconn}
 * @param value as {@code sysctl} prints it, several numbers separated by one space
 * @param why what goes wrong without it, in one line
 * @param source where the value comes from
 * @param conflicts other settings that it can conflict with
 */
public record Sysctl(
    String name, String value, String why, String source, List<Conflict> conflicts) {
  public Sysctl {
    conflicts = List.copyOf(conflicts);
  }

  /** A setting without conflicts. */
  static Sysctl of(String name, String value, String why, String source) {
    return new Sysctl(name, value, why, source, List.of());
  }

  /** A setting that the cluster needs to have this value. */
  static Sysctl fixed(String name, String value, String why, String source, String consequence) {
    return of(name, value, why, source).against(Conflict.unlessKept(name, value, consequence));
  }

  /** The same setting with conflicts. */
  Sysctl against(Conflict... more) {
    return new Sysctl(name, value, why, source, List.of(more));
  }

  /** The same setting with another value. */
  Sysctl withValue(String other, String origin) {
    return new Sysctl(name, other, why, origin, conflicts);
  }
}
