package dev.nordfaas.postgres;

import dev.nordfaas.config.FunctionConfig.DatabaseAccess;
import dev.nordfaas.config.FunctionConfig.Grant;
import dev.nordfaas.config.RoleSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The login role of one function.
 *
 * @param name name of the role
 * @param database name of the one database that it may use
 * @param grant what it may do there
 * @param validUntil when it expires, as a PostgreSQL timestamp; empty: never
 * @param former the role that the function's pods log in as until they have been replaced
 * @param settings what its sessions start with, besides the schemas that they find
 */
public record SqlRole(
    String name,
    String database,
    Grant grant,
    Optional<String> validUntil,
    Optional<Former> former,
    RoleSettings settings) {
  /** Prefix that is reserved for PostgreSQL's own roles. */
  public static final String RESERVED_PREFIX = "pg_";

  private static final String SECOND = "_2";

  /** The role with the previous password, and how long that is still valid. */
  public record Former(String name, Duration overlap) {}

  /** A role that may write, whose password has not been changed, and that never expires. */
  public SqlRole(String name, String database) {
    this(name, database, Grant.WRITE);
  }

  /** A role whose password has not been changed, and that never expires. */
  public SqlRole(String name, String database, Grant grant) {
    this(name, database, grant, Optional.empty(), Optional.empty(), RoleSettings.NONE);
  }

  /** The role of a function in its database: PostgreSQL keeps one password for each role. */
  public static SqlRole of(String function, DatabaseAccess access) {
    var version = access.passwordVersion();
    var former =
        version == 1
            ? Optional.<Former>empty()
            : Optional.of(new Former(nameOf(function, version - 1), access.passwordOverlap()));
    return new SqlRole(
        nameOf(function, version),
        access.name(),
        access.grant(),
        access.validUntil(),
        former,
        access.settings());
  }

  /**
   * The name of a function's role: the function's with '_' for '-', so that SQL needs no quotes.
   */
  public static String nameOf(String function) {
    return function.replace('-', '_');
  }

  /** The name of the role that has a version of the password: they alternate between two. */
  public static String nameOf(String function, int passwordVersion) {
    return nameOf(function) + (passwordVersion % 2 == 1 ? "" : SECOND);
  }

  /** The role that owns a database and what is in it; nobody can log in as it. */
  public static String owner(String database) {
    return database + "_owner";
  }

  /** The names that it logs in with: the current one, and the former. */
  Stream<String> names() {
    return Stream.concat(Stream.of(name), former.map(Former::name).stream());
  }

  /** The group role that this one gets its grants from. */
  String group() {
    return grant == Grant.READ ? reader(database) : writer(database);
  }

  /** The role that may read a database; the roles of functions that only read are members of it. */
  public static String reader(String database) {
    return database + "_reader";
  }

  /** The login role that applies the migrations of a database, as its owner. */
  public static String migrator(String database) {
    return database + "_migrator";
  }

  /** All roles that are created for a database. */
  public static List<String> ofDatabase(String database) {
    return List.of(owner(database), writer(database), reader(database), migrator(database));
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
