package dev.nordfaas.postgres;

import dev.nordfaas.config.model.Refusal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What is known about PostgreSQL's extensions: which cannot work here, and why. */
public final class Extension {
  /** The one that is loaded when PostgreSQL starts, if a database has it. */
  public static final String STATEMENTS = "pg_stat_statements";

  private static final String PRELOAD =
      "has to be loaded when PostgreSQL starts (shared_preload_libraries), which is done for pg_stat_statements only";

  private static final String MODULE = "is a module, for which there is no CREATE EXTENSION";

  private static final String ADMINISTRATOR =
      "can only be used by PostgreSQL's administrator, and migrations run as the database's owner";

  private static final String REMOVE = "remove it";

  /** According to each one's documentation. */
  private static final Set<String> PRELOADED =
      Set.of(
          "anon",
          "citus",
          "pg_failover_slots",
          "pg_net",
          "pg_partman_bgw",
          "pg_qualstats",
          "pg_squeeze",
          "pg_stat_kcache",
          "pg_stat_monitor",
          "pg_tle",
          "pg_wait_sampling",
          "pgaudit",
          "pglogical",
          "pgsodium",
          "set_user",
          "supautils",
          "timescaledb",
          "vchord",
          "vectors");

  private static final Set<String> MODULES =
      Set.of(
          "auth_delay",
          "basebackup_to_shell",
          "basic_archive",
          "passwordcheck",
          "pg_overexplain",
          "sepgsql",
          "test_decoding",
          "wal2json");

  /** Untrusted languages, and wrappers whose servers only the administrator may create. */
  private static final Set<String> ADMINISTRATORS =
      Set.of(
          "adminpack",
          "file_fdw",
          "plperlu",
          "plpython3u",
          "plr",
          "plsh",
          "pltclu",
          "postgres_fdw");

  private static final Map<String, Refusal> REFUSED = refused();

  /**
   * Those of PostgreSQL 15 to 18 itself, in the packages of its APT repository that the image is
   * made of; the languages Perl, Python and Tcl are in packages of their own.
   */
  private static final Set<String> CONTRIB =
      Set.of(
          "amcheck",
          "autoinc",
          "bloom",
          "btree_gin",
          "btree_gist",
          "citext",
          "cube",
          "dblink",
          "dict_int",
          "dict_xsyn",
          "earthdistance",
          "fuzzystrmatch",
          "hstore",
          "insert_username",
          "intagg",
          "intarray",
          "isn",
          "lo",
          "ltree",
          "moddatetime",
          "old_snapshot",
          "pageinspect",
          "pg_buffercache",
          "pg_freespacemap",
          "pg_logicalinspect",
          "pg_prewarm",
          STATEMENTS,
          "pg_surgery",
          "pg_trgm",
          "pg_visibility",
          "pg_walinspect",
          "pgcrypto",
          "pgrowlocks",
          "pgstattuple",
          "plpgsql",
          "refint",
          "seg",
          "sslinfo",
          "tablefunc",
          "tcn",
          "tsm_system_rows",
          "tsm_system_time",
          "unaccent",
          "uuid-ossp",
          "xml2");

  private static final Pattern OFFICIAL_IMAGE =
      Pattern.compile("((docker\\.io/)?library/|docker\\.io/)?postgres[:@].*");

  private Extension() {}

  /**
   * Why an extension cannot work, if that is known. Whether other images have it is not: then the
   * Job for roles says so.
   *
   * @param image of PostgreSQL
   */
  public static Optional<Refusal> refusal(String name, String image) {
    var known = Optional.ofNullable(REFUSED.get(name));
    if (known.isPresent() || CONTRIB.contains(name) || !OFFICIAL_IMAGE.matcher(image).matches()) {
      return known;
    }
    return Optional.of(
        new Refusal(
            "%s is not in %s, which has those of PostgreSQL itself".formatted(name, image),
            "remove it, or use an image that has it"));
  }

  private static Map<String, Refusal> refused() {
    var refused = new TreeMap<String, Refusal>();
    PRELOADED.forEach(name -> put(refused, name, PRELOAD, REMOVE));
    MODULES.forEach(name -> put(refused, name, MODULE, REMOVE));
    ADMINISTRATORS.forEach(name -> put(refused, name, ADMINISTRATOR, REMOVE));
    put(refused, "pg_cron", PRELOAD, "remove it, and use functions.<name>.cron");
    put(
        refused,
        "auto_explain",
        MODULE,
        "remove it; statements above 500ms are in PostgreSQL's log already");
    return Map.copyOf(refused);
  }

  private static void put(Map<String, Refusal> all, String name, String reason, String fix) {
    all.put(name, new Refusal(name + " " + reason, fix));
  }
}
