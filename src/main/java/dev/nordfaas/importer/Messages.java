package dev.nordfaas.importer;

import dev.nordfaas.config.model.KeyPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What there is to say about a file. */
final class Messages {
  /**
   * A place in a file.
   *
   * @param file its name
   * @param line the first is 1; 0 for the file as a whole
   * @param path the key, empty for the file as a whole
   */
  record Place(String file, int line, KeyPath path) {
    Place key(String key, int at) {
      return new Place(file, at, path.key(key));
    }

    @Override
    public String toString() {
      var key =
          path.segments().isEmpty() ? "" : " " + path.toString().replaceFirst("^[^:]*:", "") + ":";
      return file + (line > 0 ? ":" + line : "") + ":" + key;
    }
  }

  /** What became of a key. */
  enum Fate {
    LEFT_OUT("left out"),
    CHANGED("changed"),
    TO_DO("to do");

    private final String words;

    Fate(String words) {
      this.words = words;
    }
  }

  /** One line. */
  record Message(Place place, String text) {
    @Override
    public String toString() {
      return place + " " + text;
    }
  }

  private static final Comparator<Message> BY_PLACE =
      Comparator.comparing((Message it) -> it.place().file())
          .thenComparing(it -> it.place().line());

  private final List<Message> problems = new ArrayList<>();
  private final List<Message> notes = new ArrayList<>();

  /** Something without which the file cannot be converted. */
  void problem(Place place, String reason, String fix) {
    var message = new Message(place, reason + "; " + fix);
    if (!problems.contains(message)) {
      problems.add(message);
    }
  }

  /**
   * What was not taken over as it is.
   *
   * @param fix what to do about it; empty if there is nothing to do
   */
  void note(Place place, Fate fate, String reason, String fix) {
    notes.add(new Message(place, fate.words + ": " + reason + (fix.isEmpty() ? "" : "; " + fix)));
  }

  List<Message> problems() {
    return sorted(problems);
  }

  List<Message> notes() {
    return sorted(notes);
  }

  private static List<Message> sorted(List<Message> messages) {
    return messages.stream().sorted(BY_PLACE).toList();
  }
}
