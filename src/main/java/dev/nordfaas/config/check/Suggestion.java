package dev.nordfaas.config.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses what a misspelt key was meant to be. */
public final class Suggestion {
  private Suggestion() {}

  /** The known word that is closest to the unknown one, if any is close. */
  public static Optional<String> nearest(String unknown, Collection<String> known) {
    return known.stream()
        .filter(word -> distance(unknown, word) <= Math.max(1, word.length() / 3))
        .min(Comparator.comparingInt(word -> distance(unknown, word)));
  }

  /**
   * Number of edits that turn one word into the other, ignoring case; swapping two neighbours is
   * one edit.
   */
  private static int distance(String left, String right) {
    var a = letters(left);
    var b = letters(right);
    var rows = new int[a.length() + 1][b.length() + 1];
    for (var i = 0; i <= a.length(); i++) {
      for (var j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          rows[i][j] = i + j;
          continue;
        }
        var differs = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        rows[i][j] =
            Math.min(rows[i - 1][j - 1] + differs, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
      }
    }
    return rows[a.length()][b.length()];
  }

  private static String letters(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
  }
}
