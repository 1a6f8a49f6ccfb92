package dev.nordfaas.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The statements of a file, as {@code psql} splits it (PostgreSQL's psqlscan.l): comments, strings
 * and dollar quotes hide what is in them, and so do parentheses, the body of {@code BEGIN ATOMIC}
 * and the data of {@code COPY FROM STDIN}.
 *
 * @param statements its statements
 * @param commands the lines' backslash commands, which are psql's and not SQL
 * @param unfinished what begins and does not end; at most one
 */
record SqlScript(List<Statement> statements, List<Part> commands, List<Part> unfinished) {
  private static final Pattern DOLLAR =
      Pattern.compile("\\$([A-Za-z_\\x80-\\uffff][A-Za-z0-9_\\x80-\\uffff]*)?\\$");
  private static final Pattern WORD = Pattern.compile("[A-Za-z_\\x80-\\uffff][\\w$\\x80-\\uffff]*");
  private static final Pattern NUMBER = Pattern.compile("[0-9][\\w.]*");
  private static final Pattern COMMAND = Pattern.compile("\\\\(\\w+|.)?");

  /** What a token is. */
  enum Kind {
    WORD,
    QUOTED_NAME,
    STRING,
    SYMBOL
  }

  /**
   * The smallest part of a statement.
   *
   * @param text as written; of a string what is between its quotes
   * @param line where it begins, from 1
   */
  record Token(Kind kind, String text, int line) {
    /** In capitals if it is a word; empty for everything else. */
    String word() {
      return kind == Kind.WORD ? text.toUpperCase(Locale.ROOT) : "";
    }
  }

  /** Something in a line, from 1. */
  record Part(int line, String text) {}

  /** One statement, without its semicolon; it has at least one token. */
  record Statement(List<Token> tokens) {
    Statement {
      tokens = List.copyOf(tokens);
    }

    int line() {
      return tokens.get(0).line();
    }

    /** The words in capitals, with something empty for every other token. */
    List<String> words() {
      return tokens.stream().map(Token::word).toList();
    }

    boolean startsWith(String... words) {
      return tokens.size() >= words.length
          && words().subList(0, words.length).equals(List.of(words));
    }

    boolean contains(String word) {
      return words().contains(word);
    }
  }

  SqlScript {
    statements = List.copyOf(statements);
    commands = List.copyOf(commands);
    unfinished = List.copyOf(unfinished);
  }

  /** Splits a file with the line ends of Unix. */
  static SqlScript of(String sql) {
    return new Scanner(sql.startsWith("\ufeff") ? sql.substring(1) : sql).scan();
  }

  private static final class Scanner {
    private static final Set<String> ROUTINES = Set.of("FUNCTION", "PROCEDURE");

    private final String sql;
    private final List<Statement> statements = new ArrayList<>();
    private final List<Part> commands = new ArrayList<>();
    private final List<Part> unfinished = new ArrayList<>();
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private int parentheses;
    private int bodies;

    Scanner(String sql) {
      this.sql = sql;
    }

    SqlScript scan() {
      while (position < sql.length()) {
        step();
      }
      end();
      return new SqlScript(statements, commands, unfinished);
    }

    private void step() {
      var c = sql.charAt(position);
      if (Character.isWhitespace(c)) {
        advance(1);
      } else if (at("--")) {
        advanceTo(indexOf("\n"));
      } else if (at("/*")) {
        comment();
      } else if (c == '\'') {
        string(false);
      } else if (c == '"') {
        quoted('"', false, Kind.QUOTED_NAME, "quoted name");
      } else if (c == '$' && matches(DOLLAR) > 0) {
        dollarQuote();
      } else if (c == '\\') {
        command();
      } else if (matches(WORD) > 0) {
        word();
      } else if (matches(NUMBER) > 0) {
        add(Kind.SYMBOL, matches(NUMBER));
      } else {
        symbol(c);
      }
    }

    private void symbol(char c) {
      if (c == ';' && parentheses == 0 && bodies == 0) {
        advance(1);
        var copiesData = copiesFromStdin();
        end();
        if (copiesData) {
          skipData();
        }
        return;
      }
      if (c == '(') {
        parentheses++;
      } else if (c == ')' && parentheses > 0) {
        parentheses--;
      }
      add(Kind.SYMBOL, 1);
    }

    private void word() {
      var length = matches(WORD);
      var text = sql.substring(position, position + length);
      var quoteFollows = sql.startsWith("'", position + length);
      if (quoteFollows && text.length() == 1 && "eEbBxXnN".contains(text)) {
        advance(1);
        string("eE".contains(text));
        return;
      }
      add(Kind.WORD, length);
      countBodies(text.toUpperCase(Locale.ROOT));
    }

    /**
     * As psql does: within {@code CREATE FUNCTION}, {@code BEGIN} opens a body, {@code CASE} too.
     */
    private void countBodies(String word) {
      if (!createsRoutine()) {
        return;
      }
      if (word.equals("BEGIN") || (word.equals("CASE") && bodies > 0)) {
        bodies++;
      } else if (word.equals("END") && bodies > 0) {
        bodies--;
      }
    }

    private boolean createsRoutine() {
      var first = tokens.stream().limit(4).map(Token::word).collect(Collectors.toList());
      first.removeAll(List.of("OR", "REPLACE"));
      return first.size() > 1 && first.get(0).equals("CREATE") && ROUTINES.contains(first.get(1));
    }

    private void string(boolean hasEscapes) {
      quoted('\'', hasEscapes, Kind.STRING, "string");
    }

    /** A doubled quote stands for itself. */
    private void quoted(char quote, boolean hasEscapes, Kind kind, String name) {
      var start = line;
      var text = new StringBuilder();
      for (var i = position + 1; i < sql.length(); i++) {
        var c = sql.charAt(i);
        if (hasEscapes && c == '\\' && i + 1 < sql.length()) {
          text.append(sql.charAt(++i));
        } else if (c == quote && i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
          text.append(c);
          i++;
        } else if (c == quote) {
          advanceTo(i + 1);
          tokens.add(new Token(kind, text.toString(), start));
          return;
        } else {
          text.append(c);
        }
      }
      unfinished(name);
    }

    private void dollarQuote() {
      var start = line;
      var length = matches(DOLLAR);
      var tag = sql.substring(position, position + length);
      var close = sql.indexOf(tag, position + length);
      if (close < 0) {
        unfinished("string in " + tag);
        return;
      }
      advanceTo(close + length);
      tokens.add(new Token(Kind.STRING, "", start));
    }

    /** Comments nest. */
    private void comment() {
      var depth = 0;
      for (var i = position; i < sql.length(); i++) {
        if (sql.startsWith("/*", i)) {
          depth++;
          i++;
        } else if (sql.startsWith("*/", i)) {
          depth--;
          i++;
          if (depth == 0) {
            advanceTo(i + 1);
            return;
          }
        }
      }
      unfinished("comment");
    }

    private void command() {
      commands.add(new Part(line, sql.substring(position, position + matches(COMMAND))));
      advanceTo(indexOf("\n"));
    }

    private boolean copiesFromStdin() {
      var words = tokens.stream().map(Token::word).toList();
      return !words.isEmpty()
          && words.get(0).equals("COPY")
          && words.contains("FROM")
          && words.lastIndexOf("STDIN") == words.lastIndexOf("FROM") + 1;
    }

    /** The data begins in the next line and ends with one of a backslash and a dot, or the file. */
    private void skipData() {
      advanceTo(Math.min(sql.length(), indexOf("\n") + 1));
      var end = sql.startsWith("\\.\n", position) ? position - 1 : sql.indexOf("\n\\.\n", position);
      if (end < 0) {
        advanceTo(sql.length());
      } else {
        advanceTo(end + 1);
        advance(2);
      }
    }

    private void end() {
      if (!tokens.isEmpty()) {
        statements.add(new Statement(tokens));
        tokens.clear();
      }
      parentheses = 0;
      bodies = 0;
    }

    private void unfinished(String what) {
      unfinished.add(new Part(line, what));
      position = sql.length();
    }

    private void add(Kind kind, int length) {
      tokens.add(new Token(kind, sql.substring(position, position + length), line));
      advance(length);
    }

    private boolean at(String text) {
      return sql.startsWith(text, position);
    }

    private int indexOf(String text) {
      var found = sql.indexOf(text, position);
      return found < 0 ? sql.length() : found;
    }

    /** The length of the match here; 0 if there is none. */
    private int matches(Pattern pattern) {
      var matcher = pattern.matcher(sql).region(position, sql.length());
      return matcher.lookingAt() ? matcher.end() - matcher.start() : 0;
    }

    private void advance(int length) {
      advanceTo(position + length);
    }

    private void advanceTo(int end) {
      for (; position < end; position++) {
        if (sql.charAt(position) == '\n') {
          line++;
        }
      }
    }
  }
}
