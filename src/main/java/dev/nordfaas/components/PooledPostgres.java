package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.Job;
import com.pulumi.kubernetes.core.v1.ConfigMap;
import com.pulumi.kubernetes.core.v1.LimitRange;
import com.pulumi.kubernetes.core.v1.Namespace;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.PostgresConfig;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.function.DatabaseLogin;
import dev.nordfaas.manifest.DatabaseTrust;
import dev.nordfaas.manifest.DiskLimits;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.VolumeOrigin;
import dev.nordfaas.postgres.ConnectionBudget;
import dev.nordfaas.postgres.Migration;
import dev.nordfaas.postgres.MigrationFolder;
import dev.nordfaas.postgres.MigrationsJob;
import dev.nordfaas.postgres.Postgres;
import dev.nordfaas.postgres.PostgresManifests;
import dev.nordfaas.postgres.PostgresOrigin;
import dev.nordfaas.postgres.PostgresTls;
import dev.nordfaas.postgres.RolesJob;
import dev.nordfaas.postgres.SqlRole;
import dev.nordfaas.postgres.cluster.ClusterPolicies;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * PostgreSQL with a volume and PgBouncer on the same node, or three instances on three nodes and
 * PgBouncer in front of them; one login role per function, databases with their tables.
 *
 * <p>A role that is removed from the config is kept, but can no longer log in; a database is kept
 * unless {@code dropDatabases} names it.
 */
public final class PooledPostgres extends Component {
  private final SortedMap<String, Output<String>> poolerDsn;
  private final Output<String> caCertificate;
  private final int poolerPodPort;
  private final Output<Boolean> ready;
  private final Optional<PostgresBackup> backup;
  private final Optional<Output<String>> metricsPassword;

  public PooledPostgres(String name, PooledPostgresArgs args, ComponentResourceOptions options) {
    super(PooledPostgres.class, name, options);
    var config = args.config();
    var superuserPassword = GeneratedPassword.create(child("superuser-password"), this);
    var poolerPassword = GeneratedPassword.create(child("pooler-password"), this);
    var logins = logins(args);
    var functionRoles = roles(logins.values());
    var budget = ConnectionBudget.of(config, functionRoles);
    var migrators = migrators(budget);
    this.backup =
        config.pgBackRest().map(it -> new PostgresBackup(this, config, it, args.networks()));
    this.metricsPassword =
        config.exporterImage().map(it -> GeneratedPassword.create(child("metrics-password"), this));
    var tls = tls();

    // It contains the volume: deleting a namespace deletes all claims in it.
    var namespace =
        new Namespace(
            child("namespace"), PostgresManifests.namespace(), first(protectedChildOptions()));
    var inNamespace = childOptions(List.of(namespace));
    var origins = origins(config);
    var defaultDeny =
        List.<Resource>of(
            new LimitRange(
                child("disk-limits"),
                DiskLimits.of(Namespaces.POSTGRES, Postgres.LABELS),
                inNamespace),
            new NetworkPolicy(child("default-deny"), PostgresManifests.defaultDeny(), inNamespace));
    var repository = backup.map(it -> it.repository(namespace)).orElse(List.of());
    var servers =
        config.highAvailability()
            ? new PostgresCluster(this, config, budget, args.networks(), inNamespace)
            : new PostgresInstance(
                this, config, budget, functionRoles, metricsPassword, args.networks(), inNamespace);
    var server =
        servers.server(
            Origin.after(origins, superuserPassword),
            tls,
            with(defaultDeny, repository.toArray(Resource[]::new)));
    var roles = roles(args, logins.values(), migrators, poolerPassword, inNamespace, server);
    var pooler = servers.pooler(poolerPassword, tls, server, roles);

    var filled = migrators.isEmpty() ? roles : migrations(args, migrators, inNamespace, pooler);

    backup.ifPresent(it -> it.jobs(server, filled, repository));
    PostgresMetrics.services(this, config, inNamespace);

    this.ready = Output.tuple(pooler.urn(), filled.urn()).applyValue(urns -> true);
    var dsns = new TreeMap<String, Output<String>>();
    logins.forEach((function, login) -> dsns.put(function, dsn(login, config.pooler().port())));
    this.poolerDsn = Collections.unmodifiableSortedMap(dsns);
    this.poolerPodPort = Postgres.poolerPodPort(config);
    this.caCertificate = tls.applyValue(PostgresTls::caCertificate).asPlaintext();
    registerOutputs(Map.of("ready", ready));
  }

  private Output<Boolean> origins(PostgresConfig config) {
    var major = PostgresOrigin.major(config.image());
    var checks = new ArrayList<Output<Boolean>>();
    checks.add(
        Origin.checked(
            Origin.of(child("origin"), major, this)
                .applyValue(first -> PostgresOrigin.refusal(config.image(), first))));
    checks.add(
        Origin.ofVolume(
            child("volume-origin"),
            KeyPath.of("postgres", "storage"),
            config.storage(),
            config.highAvailability() ? VolumeOrigin.Holder.OPERATOR : VolumeOrigin.Holder.CLAIM,
            this));
    backup.flatMap(PostgresBackup::volumeOrigin).ifPresent(checks::add);
    return Origin.all(checks);
  }

  /**
   * The secret connection string of each function, such as {@code
   * postgresql://order_processor:...@pgbouncer.postgres.svc.cluster.local:6432/orders?sslmode=verify-full&sslrootcert=...},
   * with the path of {@link DatabaseTrust}; resolves once the function can log in.
   */
  public Map<String, Output<String>> poolerDsn() {
    return poolerDsn;
  }

  /**
   * How one function reaches its database.
   *
   * @param function its name
   * @throws IllegalArgumentException if it has no database
   */
  public DatabaseLogin login(String function) {
    var dsn = poolerDsn.get(function);
    if (dsn == null) {
      throw new IllegalArgumentException(
          "PooledPostgres has no role for function '%s'; it has those for %s"
              .formatted(function, poolerDsn.keySet()));
    }
    return new DatabaseLogin(dsn, caCertificate, poolerPodPort);
  }

  /** The secret that the backups are encrypted with; empty without backups. */
  public Optional<Output<String>> backupPassphrase() {
    return backup.map(PostgresBackup::passphrase);
  }

  /** The PEM certificate of the authority that issued PgBouncer's; not a secret. */
  public Output<String> caCertificate() {
    return caCertificate;
  }

  /** True once PostgreSQL, its roles and PgBouncer are ready. */
  public Output<Boolean> ready() {
    return ready;
  }

  private SortedMap<String, Login> logins(PooledPostgresArgs args) {
    var logins = new TreeMap<String, Login>();
    args.roles()
        .forEach(
            (function, role) -> {
              var version = Objects.requireNonNull(args.passwordVersions().get(function));
              // The first one has no trigger: stacks from before there were versions keep theirs.
              var triggers = version == 1 ? List.of() : List.<Object>of(version);
              var password =
                  GeneratedPassword.create(child("role-" + function + "-password"), triggers, this);
              logins.put(function, new Login(role, password));
            });
    return logins;
  }

  /** The passwords of the roles that apply migrations, by database. */
  private SortedMap<String, Output<String>> migrators(ConnectionBudget budget) {
    var passwords = new TreeMap<String, Output<String>>();
    for (var database : budget.migrated()) {
      passwords.put(
          database, GeneratedPassword.create(child("migrator-" + database + "-password"), this));
    }
    return passwords;
  }

  private static SortedMap<String, Output<String>> variables(
      SortedMap<String, Output<String>> migrators) {
    var variables = new TreeMap<String, Output<String>>();
    migrators.forEach(
        (database, password) ->
            variables.put(SqlRole.passwordVariable(SqlRole.migrator(database)), password));
    return variables;
  }

  private Job roles(
      PooledPostgresArgs args,
      Collection<Login> logins,
      SortedMap<String, Output<String>> migrators,
      Output<String> poolerPassword,
      CustomResourceOptions inNamespace,
      Resource server) {
    var config = args.config();
    var files = RolesJob.files(config, roles(logins));
    var configMap = new ConfigMap(child("roles-config"), RolesJob.configMap(files), inNamespace);
    var variables = new TreeMap<String, Output<String>>();
    variables.put(SqlRole.passwordVariable(Postgres.POOLER_ROLE), poolerPassword);
    logins.forEach(
        login -> variables.put(SqlRole.passwordVariable(login.role().name()), login.password()));
    migrators.forEach(
        (database, password) ->
            variables.put(SqlRole.passwordVariable(SqlRole.migrator(database)), password));
    backup.ifPresent(
        it -> variables.put(SqlRole.passwordVariable(Postgres.BACKUP_ROLE), it.password()));
    metricsPassword.ifPresent(
        it -> variables.put(SqlRole.passwordVariable(Postgres.METRICS_ROLE), it));
    var values = Secrets.all(variables, Function.identity());
    var secret = new Secret(child("role-passwords"), RolesJob.secret(values), inNamespace);
    return new Job(
        child("roles"),
        RolesJob.job(
            Postgres.host(config),
            config.image(),
            PodChecksums.of(files.toString(), values.applyValue(Map::toString))),
        childOptions(List.of(configMap, secret, server)));
  }

  private Job migrations(
      PooledPostgresArgs args,
      SortedMap<String, Output<String>> migrators,
      CustomResourceOptions inNamespace,
      Resource pooler) {
    var config = args.config();
    var steps = new TreeMap<String, List<Migration>>();
    migrators
        .keySet()
        .forEach(
            name ->
                steps.put(
                    name,
                    Optional.ofNullable(args.migrations().get(name))
                        .map(MigrationFolder::migrations)
                        .orElse(List.of())));
    var files = MigrationsJob.files(steps);
    var configMap =
        new ConfigMap(child("migrations-config"), MigrationsJob.configMap(files), inNamespace);
    var policy =
        new NetworkPolicy(
            child("migrations-policy"), ClusterPolicies.migrations(config).args(), inNamespace);
    var values = Secrets.all(variables(migrators), Function.identity());
    var secret = new Secret(child("migrator-passwords"), MigrationsJob.secret(values), inNamespace);
    return new Job(
        child("migrations"),
        MigrationsJob.job(
            config,
            List.copyOf(migrators.keySet()),
            PodChecksums.of(files.toString(), values.applyValue(Map::toString))),
        childOptions(List.of(configMap, policy, secret, pooler)));
  }

  /** Replacing the first password replaces the authority; the others, a server's key. */
  private Output<PostgresTls> tls() {
    return Output.tuple(
            GeneratedPassword.create(child("ca-key"), this),
            GeneratedPassword.create(child("server-key"), this),
            GeneratedPassword.create(child("pooler-key"), this))
        .applyValue(keys -> PostgresTls.of(keys.t1, keys.t2, keys.t3));
  }

  /**
   * Known before the role can log in: users of it depend on this component. The Job that creates
   * the roles is replaced at every change, and using one of its values would replace them too.
   */
  private static Output<String> dsn(Login login, int poolerPort) {
    return login
        .password()
        .applyValue(password -> Postgres.dsn(login.role(), password, poolerPort))
        .asSecret();
  }

  private static List<SqlRole> roles(Collection<Login> logins) {
    return logins.stream().map(Login::role).toList();
  }

  private record Login(SqlRole role, Output<String> password) {}
}
