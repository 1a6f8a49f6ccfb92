package dev.nordfaas.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The database: PostgreSQL behind PgBouncer. */
public record PostgresConfig(
    @Key(
            value = "Image of PostgreSQL; its major version is that of the database.",
            pattern = Patterns.IMAGE,
            hint = Patterns.IMAGE_HINT,
            defaultValue = "docker.io/library/postgres:17.6-bookworm")
        String image,
    @Key(
            value =
                "Image of postgres_exporter, which runs next to PostgreSQL, such as docker.io/prometheuscommunity/postgres-exporter:v0.17.1; without it there are no metrics of PostgreSQL and its backups. Not for highAvailability, which has its own metrics.",
            pattern = Patterns.IMAGE,
            hint = Patterns.IMAGE_HINT)
        Optional<String> exporterImage,
    @Key(
            value =
                "Three instances on three nodes under the CloudNativePG operator, with automatic failover, instead of the single instance.",
            defaultValue = "false")
        boolean highAvailability,
    @Key(
            value = "The CloudNativePG operator, which highAvailability installs.",
            defaultValue = "{}")
        OperatorConfig operator,
    @Key(value = "Volume of the database.", defaultValue = "{size: 50Gi}") StorageConfig storage,
    @Key(
            value =
                "Requests and limits of PostgreSQL, which have to be equal; without a CPU limit, its request is the limit. shared_buffers is a quarter of the memory.",
            defaultValue = "{requests: {cpu: \"1\", memory: 2Gi}, limits: {memory: 2Gi}}")
        ResourcesConfig resources,
    @Key(
            value =
                "max_connections of PostgreSQL; by default what the pools and the reserve need, rounded up to tens. A change restarts PostgreSQL; with headroom here, adding functions does not.",
            min = 10,
            max = 5000,
            example = "200")
        Optional<Integer> maxConnections,
    @Key(
            value =
                "scram_iterations of PostgreSQL 16 or newer, for passwords that are set from then on; without it PostgreSQL's default, 4096. Fewer make logins cheaper for clients, and guessing no easier, since passwords are generated; some drivers refuse less than 4096.",
            min = 1,
            max = 1_000_000,
            example = "4096")
        Optional<Integer> scramIterations,
    @Key(
            value = "The databases by name; each is owned by its own role.",
            keyPattern = Patterns.DATABASE,
            keyHint = Patterns.DATABASE_HINT,
            notEmpty = true,
            example = "{orders: {}}")
        Map<String, DatabaseConfig> databases,
    @Key(
            value =
                "Databases removed from databases that are to be dropped with everything in them; otherwise they are kept.",
            defaultValue = "[]",
            pattern = Patterns.DATABASE,
            hint = Patterns.DATABASE_HINT)
        List<String> dropDatabases,
    @Key(value = "The connection pool in front of PostgreSQL.", defaultValue = "{}")
        PoolerConfig pooler,
    @Key("Backups with point-in-time recovery; without it there are none.")
        Optional<BackupConfig> backup) {

  /** The backups, if pgBackRest makes them: those of the single instance. */
  public Optional<BackupConfig> pgBackRest() {
    return backup.filter(it -> !highAvailability);
  }

  /** The backups, if CloudNativePG makes them. */
  public Optional<BackupConfig> clusterBackup() {
    return backup.filter(it -> highAvailability);
  }

  /** The CloudNativePG operator. */
  public record OperatorConfig(
      @Key(
              value =
                  "Helm repository of the operator's chart; a mirror for an air-gapped cluster.",
              pattern = "(https|oci)://[^ ]+",
              hint = "the URL of a Helm repository, such as https://charts.example.no",
              defaultValue = "https://cloudnative-pg.github.io/charts")
          String chartRepository,
      @Key(
              value = "Version of the chart cloudnative-pg; 0.29.0 is operator 1.30.0.",
              pattern = "(0|[1-9][0-9]{0,5})(\\.(0|[1-9][0-9]{0,5})){2}",
              hint = "a version, such as 0.29.0",
              defaultValue = "0.29.0")
          String chartVersion,
      @Key(
              value =
                  "Image of the operator; a copy of it for an air-gapped cluster. Without it that of the chart, ghcr.io/cloudnative-pg/cloudnative-pg.",
              pattern = Patterns.IMAGE,
              hint = Patterns.IMAGE_HINT,
              example = "registry.example.no/cloudnative-pg:1.30.0")
          Optional<String> image,
      @Key(
              value = "Image with kubectl, which waits until the operator is ready.",
              pattern = Patterns.IMAGE,
              hint = Patterns.IMAGE_HINT,
              defaultValue = "registry.k8s.io/kubectl:v1.35.4")
          String kubectlImage) {}

  /** One database. */
  public record DatabaseConfig(
      @Key(
              value =
                  "Extensions created in the database, in its schema extensions unless they name one of their own.",
              defaultValue = "[]",
              pattern = "[a-z_][a-z0-9_-]{0,62}",
              hint = "the name of a PostgreSQL extension, such as pgcrypto")
          List<String> extensions,
      @Key(
              value =
                  "Schemas of the database, which its functions may use. One that is removed from the list is kept, but they lose access.",
              defaultValue = "[public]",
              pattern = Patterns.SCHEMA,
              hint = Patterns.SCHEMA_HINT)
          List<String> schemas,
      @Key(
              value =
                  "Folder in the project with the database's migrations, named like V1__orders.sql; each is applied once, in one transaction, as the owner.",
              pattern = Patterns.FOLDER,
              hint = Patterns.FOLDER_HINT,
              example = "functions/order-processor/migrations")
          Optional<String> migrations) {}

  /** PgBouncer. The keys are its settings in camel case. */
  public record PoolerConfig(
      @Key(
              value = "Image of PgBouncer, 1.25.2 or newer.",
              pattern = Patterns.IMAGE,
              hint = Patterns.IMAGE_HINT,
              defaultValue = "docker.io/edoburu/pgbouncer:v1.25.2-p0")
          String image,
      @Key(
              value =
                  "Image of pgbouncer_exporter, which runs next to each PgBouncer, such as docker.io/prometheuscommunity/pgbouncer-exporter:v0.12.1; without it there are no metrics of PgBouncer. Not for highAvailability, which has its own metrics.",
              pattern = Patterns.IMAGE,
              hint = Patterns.IMAGE_HINT)
          Optional<String> exporterImage,
      @Key(value = "Pods of PgBouncer.", defaultValue = "1", min = 1, max = 20) int replicas,
      @Key(value = "TCP port of PgBouncer.", defaultValue = "6432", min = 1024, max = 65535)
          int port,
      @Key(
              value = "When a server connection goes back to the pool: transaction or session.",
              defaultValue = "transaction")
          PoolMode poolMode,
      @Key(value = "Client connections per pod.", defaultValue = "10000", min = 1, max = 100_000)
          int maxClientConn,
      @Key(
              value = "Server connections per pool (user and database) and pod.",
              defaultValue = "20",
              min = 1,
              max = 1000)
          int defaultPoolSize,
      @Key(
              value = "Additional server connections for a pool with waiting clients.",
              defaultValue = "5",
              min = 0,
              max = 1000)
          int reservePoolSize,
      @Key(
              value =
                  "Server connections to one database per pod; without it defaultPoolSize + reservePoolSize for each of its roles.",
              min = 1,
              max = 5000)
          Optional<Integer> maxDbConnections,
      @Key(
              value =
                  "Prepared statements kept per server connection; 0 turns them off, as PgBouncer before 1.21 requires.",
              defaultValue = "200",
              min = 0,
              max = 10_000)
          int maxPreparedStatements,
      @Key(value = "How long a query waits for a server connection.", defaultValue = "20s")
          Duration queryWaitTimeout,
      @Key(
              value =
                  "How long a query may take, waiting for a server connection included, before its connection is closed, up to 1d; 0s: for ever. Prefer functions.<name>.database.settings.statementTimeout, which only ends the statement.",
              defaultValue = "0s")
          Duration queryTimeout,
      @Key(
              value =
                  "How long a client may be idle within a transaction before its connection is closed, up to 1d; 0s: for ever. PostgreSQL itself does it after 60s.",
              defaultValue = "0s")
          Duration idleTransactionTimeout,
      @Key(
              value =
                  "How long a client may be idle outside a transaction before its connection is closed, up to 1d; 0s: for ever.",
              defaultValue = "0s")
          Duration clientIdleTimeout,
      @Key(value = "Age at which an idle server connection is closed.", defaultValue = "1h")
          Duration serverLifetime,
      @Key(
              value = "Requests and limits of PgBouncer.",
              defaultValue = "{requests: {cpu: 250m, memory: 128Mi}, limits: {memory: 256Mi}}")
          ResourcesConfig resources) {}

  /** When a server connection goes back to the pool. */
  public enum PoolMode {
    TRANSACTION,
    SESSION
  }
}
