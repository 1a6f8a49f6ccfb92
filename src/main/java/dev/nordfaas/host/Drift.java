package dev.nordfaas.host;

import com.pulumi.core.Output;
import java.util.Locale;
import java.util.Optional;

/**
 * The last difference seen on a node from what had been applied to it, and whether it has to be
 * restarted.
 */
public final class Drift {
  private static final String NOTHING = "none";
  private static final String RESTART = "restart: ";

  private Drift() {}

  /** The kinds of settings that a node's scripts apply, and so those that can drift. */
  public enum Kind {
    FILES,
    SYSCTLS,
    FIREWALL
  }

  /**
   * The time and the differences of one kind, such as {@code 2026-11-25T07:20:11Z
   * net.core.somaxconn: wanted 8192, found 4096}; {@code none} if none was ever seen.
   *
   * @param seen what the drift script printed
   */
  public static Output<String> of(Kind kind, Output<String> seen) {
    return seen.applyValue(text -> of(kind, text));
  }

  static String of(Kind kind, String seen) {
    return after(kind.name().toLowerCase(Locale.ROOT) + ": ", seen).orElse(NOTHING);
  }

  /**
   * Why the node has to be restarted, as a clause; empty if it need not be.
   *
   * @param seen what the drift script printed
   */
  public static Optional<String> restart(String seen) {
    return after(RESTART, seen);
  }

  private static Optional<String> after(String prefix, String seen) {
    return seen.lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .findFirst();
  }
}
