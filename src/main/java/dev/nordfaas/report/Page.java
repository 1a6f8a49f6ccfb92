package dev.nordfaas.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A page within a limit: what is on the first screen always, then as many details as fit, the first
 * ones first.
 *
 * @param head what is always there
 * @param details what may be left out
 */
record Page(String head, List<Detail> details) {
  /** What a comment on GitHub may have (its API refuses more). */
  static final int LIMIT = 65_536;

  /** The longest first screen is shorter, whatever a config or a program contains. */
  static final int LEAST_LIMIT = 20_000;

  /** For the sentence about what is left out. */
  private static final int RESERVE = 500;

  Page {
    details = List.copyOf(details);
  }

  /**
   * A part that is closed at first.
   *
   * @param title our words, and a count
   */
  record Detail(String title, String text) {}

  /** The page in at most so many characters. */
  String within(int limit) {
    var page = new StringBuilder(head);
    var left = new ArrayList<String>();
    for (var detail : details) {
      var text = "\n" + Markdown.details(detail.title(), detail.text());
      if (page.length() + text.length() <= limit - RESERVE) {
        page.append(text);
      } else {
        left.add(detail.title());
      }
    }
    if (!left.isEmpty()) {
      page.append(
          "\nLeft out, as the page may have at most %d characters: %s.\n"
              .formatted(limit, String.join(", ", left)));
    }
    return page.toString();
  }
}
