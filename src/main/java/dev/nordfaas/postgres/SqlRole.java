package dev.nordfaas.postgres;

import java.util.Locale;

/**
 * The login role of one function.
 *
 * @param name name of the role
 * @param database name of the one database that it may use
 */
public record SqlRole(String name, String database) {
  /** What the names of PostgreSQL's own roles begin with, and no others may. */
  public static final String RESERVED_PREFIX = "pg_";

  /** The role of a function in its database. */
  public static SqlRole of(String function, String database) {
    return new SqlRole(nameOf(function), database);
  }

  /**
   * The name of a function's role: the function's with '_' for '-', so that SQL needs no quotes.
   */
  public static String nameOf(String function) {
    return function.replace('-', '_');
  }

  /** The role that owns a database and what is in it; nobody can log in as it. */
  public static String owner(String database) {
    return database + "_owner";
  }

  /** The role that may read and write a database; the functions' roles are members of it. */
  public static String writer(String database) {
    return database + "_writer";
  }

  /** Key of the Secret, and environment variable, with the password of a role. */
  public static String passwordVariable(String role) {
    return "PASSWORD_" + role.toUpperCase(Locale.ROOT);
  }
}
