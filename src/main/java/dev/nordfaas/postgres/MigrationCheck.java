package dev.nordfaas.postgres;

import dev.nordfaas.postgres.MigrationFolder.Flaw;
import dev.nordfaas.postgres.SqlScript.Kind;
import dev.nordfaas.postgres.SqlScript.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what cannot be applied: a file is one transaction, except for one that only creates or
 * drops an index concurrently.
 *
 * <p>The statements are those for which PostgreSQL calls {@code PreventInTransactionBlock}.
 */
final class MigrationCheck {
  private static final String BY_HAND = "remove it, and run it by hand if it is needed";

  private final String file;
  private final SqlScript script;
  private final List<Flaw> flaws = new ArrayList<>();

  private MigrationCheck(String file, String sql) {
    this.file = file;
    this.script = SqlScript.of(sql);
  }

  /**
   * What is wrong with a file.
   *
   * @param file its path in the project
   * @param sql its text
   */
  static List<Flaw> of(String file, String sql) {
    return new MigrationCheck(file, sql).flaws();
  }

  private List<Flaw> flaws() {
    script
        .commands()
        .forEach(
            command ->
                add(
                    command.line(),
                    "has %s, a command of psql, and not SQL".formatted(command.text()),
                    "write it in SQL, or remove it"));
    script
        .unfinished()
        .forEach(
            part ->
                add(part.line(), "begins a %s that does not end".formatted(part.text()), "end it"));
    script.statements().forEach(this::check);
    checkEnumValues();
    return List.copyOf(flaws);
  }

  private void check(Statement statement) {
    var index = ConcurrentIndex.of(statement);
    if (index.isPresent()) {
      checkIndex(statement, index.get());
      return;
    }
    transactionControl(statement)
        .ifPresent(
            words ->
                add(
                    statement.line(),
                    "has %s, but a file is one transaction, which begins and ends by itself"
                        .formatted(words),
                    "remove it; what has to be committed first goes into a file of its own"));
    outsideTransactions(statement)
        .ifPresent(
            refused ->
                add(
                    statement.line(),
                    "has %s, which cannot run in a transaction, as each file does"
                        .formatted(refused.reason()),
                    refused.fix()));
  }

  private void checkIndex(Statement statement, ConcurrentIndex index) {
    if (script.statements().size() > 1) {
      add(
          statement.line(),
          "has %s, which cannot run in a transaction, next to other statements"
              .formatted(index.command()),
          "put it into a file of its own");
    } else if (!index.repeatable()) {
      add(
          statement.line(),
          "has %s without %s, so it could not run again after an interruption"
              .formatted(index.command(), index.condition()),
          index.create()
              ? "write CREATE INDEX CONCURRENTLY IF NOT EXISTS, and the index's name"
              : "write DROP INDEX CONCURRENTLY IF EXISTS");
    }
  }

  private static Optional<String> transactionControl(Statement statement) {
    var first = statement.words().get(0);
    var goesBack = first.equals("ROLLBACK") && statement.contains("TO");
    if (Set.of("BEGIN", "COMMIT", "END", "ABORT", "ROLLBACK").contains(first) && !goesBack) {
      return Optional.of(first);
    }
    if (statement.startsWith("START", "TRANSACTION")
        || statement.startsWith("PREPARE", "TRANSACTION")) {
      return Optional.of(first + " TRANSACTION");
    }
    return Optional.empty();
  }

  private static Optional<Flaw> outsideTransactions(Statement statement) {
    var words = statement.words();
    var first = words.get(0);
    var second = words.size() > 1 ? words.get(1) : "";
    var both = first + " " + second;
    return switch (first) {
      case "VACUUM" ->
          Optional.of(new Flaw("VACUUM", "remove it: autovacuum does it; ANALYZE may stay"));
      case "REINDEX" ->
          statement.contains("CONCURRENTLY")
              ? Optional.of(
                  new Flaw("REINDEX CONCURRENTLY", "leave out CONCURRENTLY, or run it by hand"))
              : Set.of("SCHEMA", "DATABASE", "SYSTEM").stream()
                  .filter(statement::contains)
                  .findFirst()
                  .map(what -> new Flaw("REINDEX " + what, "name its tables, or run it by hand"));
      case "CLUSTER" ->
          words.stream().filter(word -> !word.equals("VERBOSE")).count() == 1
              ? Optional.of(new Flaw("CLUSTER without a table", "name the tables"))
              : Optional.empty();
      case "DISCARD" ->
          second.equals("ALL")
              ? Optional.of(new Flaw("DISCARD ALL", "remove it: each file begins afresh"))
              : Optional.empty();
      case "CREATE", "DROP" ->
          switch (second) {
            case "DATABASE" ->
                Optional.of(new Flaw(both, "use postgres.databases and postgres.dropDatabases"));
            case "TABLESPACE", "SUBSCRIPTION" -> Optional.of(new Flaw(both, BY_HAND));
            default -> Optional.empty();
          };
      case "ALTER" -> altered(statement, both);
      default -> Optional.empty();
    };
  }

  private static Optional<Flaw> altered(Statement statement, String both) {
    return switch (both) {
      case "ALTER SYSTEM" -> Optional.of(new Flaw(both, BY_HAND));
      case "ALTER DATABASE" ->
          statement.contains("TABLESPACE")
              ? Optional.of(new Flaw("ALTER DATABASE SET TABLESPACE", BY_HAND))
              : Optional.empty();
      case "ALTER TABLE" ->
          statement.contains("DETACH") && statement.contains("CONCURRENTLY")
              ? Optional.of(
                  new Flaw(
                      "DETACH PARTITION CONCURRENTLY", "leave out CONCURRENTLY, or run it by hand"))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** A value of a type from an earlier file exists only when the transaction has ended. */
  private void checkEnumValues() {
    for (var i = 0; i < script.statements().size(); i++) {
      var statement = script.statements().get(i);
      if (statement.startsWith("CREATE", "TYPE")) {
        return;
      }
      var add = statement.words().indexOf("ADD");
      if (!statement.startsWith("ALTER", "TYPE")
          || add < 0
          || !statement.words().subList(add, statement.words().size()).contains("VALUE")) {
        continue;
      }
      var later = script.statements().subList(i + 1, script.statements().size());
      statement.tokens().stream()
          .skip(add)
          .filter(token -> token.kind() == Kind.STRING)
          .findFirst()
          .ifPresent(value -> checkUses(value.text(), statement.line(), later));
    }
  }

  private void checkUses(String value, int added, List<Statement> later) {
    later.stream()
        .filter(statement -> !statement.startsWith("ALTER", "TYPE"))
        .flatMap(statement -> statement.tokens().stream())
        .filter(token -> token.kind() == Kind.STRING && token.text().equals(value))
        .findFirst()
        .ifPresent(
            use ->
                add(
                    use.line(),
                    "uses '%s', which line %d adds to a type: it can be used after the transaction"
                        .formatted(value, added),
                    "put what uses it into the next file"));
  }

  private void add(int line, String reason, String fix) {
    flaws.add(new Flaw("%s:%d %s".formatted(file, line, reason), fix));
  }
}
