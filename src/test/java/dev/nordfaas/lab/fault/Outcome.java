package dev.nordfaas.lab.fault;

import java.util.Optional;

/**
 * What became of one request, whose client sends it once more if it failed.
 *
 * @param kind what it was
 * @param id of the order or of the session's row
 * @param call the id that came with a 202; else empty
 * @param sent when, in milliseconds since 1970
 * @param answered when the last answer was there, or why it was not
 * @param first the status of the first try, or what went wrong
 * @param last the same of the second try, if there was one
 */
public record Outcome(
    Traffic kind, String id, String call, long sent, long answered, String first, String last) {
  private static final int FIELDS = 7;

  /** Whether one of the two tries succeeded. */
  public boolean succeeded() {
    return last.equals("202") || last.equals("200");
  }

  /** Whether the first one did. */
  public boolean succeededAtOnce() {
    return first.equals(last) && succeeded();
  }

  /** How long the client waited for it, in milliseconds. */
  public long waited() {
    return answered - sent;
  }

  /** One line of text, which {@link #parse} reads. */
  public String line() {
    return String.join(
        "\t",
        kind.word(),
        id,
        call,
        Long.toString(sent),
        Long.toString(answered),
        first.replaceAll("\\s+", " "),
        last.replaceAll("\\s+", " "));
  }

  /** What a line says; empty: it is something else that a client has printed. */
  public static Optional<Outcome> parse(String line) {
    var parts = line.split("\t", -1);
    if (parts.length != FIELDS) {
      return Optional.empty();
    }
    return Traffic.of(parts[0])
        .map(
            kind ->
                new Outcome(
                    kind,
                    parts[1],
                    parts[2],
                    Long.parseLong(parts[3]),
                    Long.parseLong(parts[4]),
                    parts[5],
                    parts[6]));
  }
}
