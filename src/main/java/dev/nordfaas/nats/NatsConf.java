package dev.nordfaas.nats;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.tls.ServerTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The server's config file, {@code nats.conf}.
 *
 * <p>It contains no secrets: passwords are variables that are defined in another file, from a
 * Secret.
 *
 * <p>nats-server reloads a new version of it without a restart, except for {@link #restartingPart}.
 */
public final class NatsConf {
  /** Account of all roles. Its name is a folder of the store, so it must not change. */
  static final String ACCOUNT = "NORDFAAS";

  /** File with the variables, next to {@code nats.conf}. */
  static final String SECRETS_FILE = "secrets.conf";

  static final String STORE = "/data";
  static final String RUN = "/run/nats";

  /** File with the server's process id, for {@code nats-server -sl}. */
  static final String PID_FILE = RUN + "/nats.pid";

  /**
   * The part of the volume that JetStream leaves free, for indexes, Raft logs and compaction; a
   * full volume stops JetStream.
   */
  private static final long FREE_PART = 10;

  /** For what a client may store in memory for a while. */
  private static final long MEMORY_STORE_BYTES = 64 << 20;

  /** nats-server's own default. */
  private static final long MIN_PAYLOAD_BYTES = 1 << 20;

  private NatsConf() {}

  /**
   * The config of every server of the cluster.
   *
   * @param users those of the platform's account
   */
  public static String of(NatsConfig config, List<NatsUser> users) {
    return String.join(
        "\n",
        "include \"%s\"\n".formatted(SECRETS_FILE),
        restartingPart(config),
        limits(config),
        tls(),
        accounts(users));
  }

  /** The settings that a running nats-server does not reload: a change restarts it. */
  public static String restartingPart(NatsConfig config) {
    var sections = new ArrayList<>(List.of(server(), jetStream(config)));
    if (config.replicas() > 1) {
      sections.add(cluster());
    }
    return String.join("\n", sections);
  }

  /** The largest message, headers included, that a client may publish, in bytes. */
  static long maxPayload(NatsConfig config) {
    return config.streams().values().stream()
        .mapToLong(
            stream ->
                DeadLetters.needed(stream)
                    ? DeadLetters.maxMsgSize(stream)
                    : stream.maxMsgSize().bytes())
        .reduce(MIN_PAYLOAD_BYTES, Math::max);
  }

  /** What JetStream may store on each server, in bytes: whole mebibytes. */
  public static long maxFileStore(NatsConfig config) {
    var volume = config.storage().size().bytes();
    return (volume - volume / FREE_PART) >> 20 << 20;
  }

  /** What JetStream may store in the memory of each server, in bytes. */
  static long maxMemoryStore(NatsConfig config) {
    return MEMORY_STORE_BYTES + JetStreamPlan.reservedMemoryBytes(config);
  }

  private static String server() {
    return """
        server_name: $POD_NAME
        listen: "0.0.0.0:%d"
        http: "0.0.0.0:%d"
        pid_file: "%s"

        # Clients move to other servers over 20 s, after a notice of 10 s.
        lame_duck_duration: "30s"
        lame_duck_grace_period: "10s"
        """
        .formatted(Nats.CLIENT_PORT, Nats.MONITOR_PORT, PID_FILE);
  }

  private static String limits(NatsConfig config) {
    return """
        max_payload: %s
        # A client that does not read for this long is cut off, so that it slows down nobody else.
        write_deadline: "10s"
        ping_interval: "20s"
        ping_max: 3
        """
        .formatted(Sizes.format(maxPayload(config)));
  }

  private static String tls() {
    return """
        tls {
          cert_file: "%s/%s"
          key_file: "%s/%s"
          min_version: "1.3"
        }
        """
        .formatted(
            NatsStatefulSet.CONFIG_PATH,
            ServerTls.CERTIFICATE_FILE,
            NatsStatefulSet.CONFIG_PATH,
            ServerTls.PRIVATE_KEY_FILE);
  }

  private static String jetStream(NatsConfig config) {
    return """
        jetstream {
          store_dir: "%s"
          max_file_store: %s
          max_memory_store: %s
          sync_interval: %s
        }
        """
        .formatted(
            STORE,
            Sizes.format(maxFileStore(config)),
            Sizes.format(maxMemoryStore(config)),
            syncInterval(config.syncInterval()));
  }

  private static String syncInterval(Duration interval) {
    return interval.isZero() ? "always" : "\"" + Durations.format(interval) + "\"";
  }

  private static String cluster() {
    return """
        cluster {
          name: "nordfaas"
          listen: "0.0.0.0:%d"
          # Addresses of pods do not last: clients come back through the Service instead.
          no_advertise: true
          authorization {
            user: "%s"
            password: $%s
            timeout: 5
          }
          # Each server shows the other its certificate.
          tls {
            cert_file: "%s/%s"
            key_file: "%s/%s"
            ca_file: "%s/%s"
            min_version: "1.3"
            timeout: 5
          }
          routes: $%s
        }
        """
        .formatted(
            Nats.CLUSTER_PORT,
            NatsUser.CLUSTER,
            Nats.CLUSTER_PASSWORD,
            NatsStatefulSet.CONFIG_PATH,
            ServerTls.CERTIFICATE_FILE,
            NatsStatefulSet.CONFIG_PATH,
            ServerTls.PRIVATE_KEY_FILE,
            NatsStatefulSet.CONFIG_PATH,
            ServerTls.CA_FILE,
            Nats.CLUSTER_ROUTES);
  }

  private static String accounts(List<NatsUser> users) {
    return """
        accounts {
          %s {
            # Every stream has to have a limit.
            jetstream { max_bytes_required: true }
            users: [
        %s    ]
          }
          SYS {
            users: [
        %s    ]
          }
        }
        system_account: SYS
        """
        .formatted(ACCOUNT, list(users), list(NatsUser.ofSystem()));
  }

  private static String list(List<NatsUser> users) {
    return users.stream().map(NatsConf::user).collect(Collectors.joining());
  }

  private static String user(NatsUser user) {
    return """
              {
                user: "%s"
                password: $%s
                permissions {
                  publish { %s }
                  subscribe { %s }
                }
              }
        """
        .formatted(
            user.role(),
            Nats.passwordVariable(user.role()),
            allow(user.publish()),
            allow(user.subscribe()));
  }

  /** An empty allow-list would allow everything, so it has to be denied explicitly. */
  private static String allow(List<String> subjects) {
    if (subjects.isEmpty()) {
      return "deny: \">\"";
    }
    return subjects.stream()
        .map(subject -> "\n            \"%s\"".formatted(subject))
        .collect(Collectors.joining("", "allow: [", "\n          ]"));
  }
}
