package dev.nordfaas.postgres;

import dev.nordfaas.postgres.SqlScript.Kind;
import dev.nordfaas.postgres.SqlScript.Statement;
import dev.nordfaas.postgres.SqlScript.Token;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code CREATE INDEX CONCURRENTLY} or {@code DROP INDEX CONCURRENTLY}, which cannot run in a
 * transaction. One that is interrupted leaves an invalid index behind.
 *
 * @param create whether it creates the index
 * @param repeatable whether it can run again: {@code IF NOT EXISTS}, {@code IF EXISTS}
 * @param name of the index as written, quotes included; empty if PostgreSQL chooses it
 * @param table of the index as written, quotes and schema included; empty if it is dropped
 */
record ConcurrentIndex(
    boolean create, boolean repeatable, Optional<String> name, Optional<String> table) {

  /** What the statement does with an index, if it does so concurrently. */
  static Optional<ConcurrentIndex> of(Statement statement) {
    if (statement.startsWith("CREATE", "INDEX", "CONCURRENTLY")) {
      return Optional.of(created(statement, 3));
    }
    if (statement.startsWith("CREATE", "UNIQUE", "INDEX", "CONCURRENTLY")) {
      return Optional.of(created(statement, 4));
    }
    if (statement.startsWith("DROP", "INDEX", "CONCURRENTLY")) {
      var repeatable = statement.words().subList(3, statement.words().size());
      return Optional.of(
          new ConcurrentIndex(
              false,
              repeatable.size() > 2 && repeatable.subList(0, 2).equals(List.of("IF", "EXISTS")),
              Optional.empty(),
              Optional.empty()));
    }
    return Optional.empty();
  }

  /** The same of a file, which applies to it if this is its only statement. */
  static Optional<ConcurrentIndex> of(String sql) {
    var statements = SqlScript.of(sql).statements();
    return statements.size() == 1 ? of(statements.get(0)) : Optional.empty();
  }

  String command() {
    return (create ? "CREATE" : "DROP") + " INDEX CONCURRENTLY";
  }

  String condition() {
    return create ? "IF NOT EXISTS" : "IF EXISTS";
  }

  private static ConcurrentIndex created(Statement statement, int from) {
    var words = statement.words();
    var rest = words.subList(from, words.size());
    var repeatable = rest.size() > 3 && rest.subList(0, 3).equals(List.of("IF", "NOT", "EXISTS"));
    var start = from + (repeatable ? 3 : 0);
    var on = start + words.subList(start, words.size()).indexOf("ON");
    if (on < start) {
      return new ConcurrentIndex(true, repeatable, Optional.empty(), Optional.empty());
    }
    var table = on + 1;
    if (table < words.size() && words.get(table).equals("ONLY")) {
      table++;
    }
    var end = table;
    while (end < words.size() && isName(statement.tokens(), table, end)) {
      end++;
    }
    return new ConcurrentIndex(
        true,
        repeatable,
        text(statement.tokens(), start, on),
        text(statement.tokens(), table, end));
  }

  /** Names and the dots between them. */
  private static boolean isName(List<Token> tokens, int start, int index) {
    var token = tokens.get(index);
    return (index - start) % 2 == 0
        ? token.kind() == Kind.WORD || token.kind() == Kind.QUOTED_NAME
        : token.text().equals(".");
  }

  private static Optional<String> text(List<Token> tokens, int start, int end) {
    return Optional.of(
            tokens.subList(start, end).stream()
                .map(ConcurrentIndex::asWritten)
                .collect(Collectors.joining()))
        .filter(text -> !text.isEmpty());
  }

  private static String asWritten(Token token) {
    return token.kind() == Kind.QUOTED_NAME
        ? "\"" + token.text().replace("\"", "\"\"") + "\""
        : token.text();
  }
}
