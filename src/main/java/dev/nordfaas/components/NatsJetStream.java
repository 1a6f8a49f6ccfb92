package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.StatefulSet;
import com.pulumi.kubernetes.batch.v1.Job;
import com.pulumi.kubernetes.core.v1.ConfigMap;
import com.pulumi.kubernetes.core.v1.LimitRange;
import com.pulumi.kubernetes.core.v1.Namespace;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.core.v1.Service;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudget;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.function.NatsLogin;
import dev.nordfaas.manifest.DiskLimits;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.VolumeOrigin;
import dev.nordfaas.nats.JetStreamOrigins;
import dev.nordfaas.nats.JetStreamPlan;
import dev.nordfaas.nats.Nats;
import dev.nordfaas.nats.NatsConf;
import dev.nordfaas.nats.NatsManifests;
import dev.nordfaas.nats.NatsSecrets;
import dev.nordfaas.nats.NatsStatefulSet;
import dev.nordfaas.nats.NatsTls;
import dev.nordfaas.nats.NatsUser;
import dev.nordfaas.nats.StreamsJob;
import dev.nordfaas.tls.ServerTls;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * NATS with JetStream: servers with a volume each, one user per role, and the streams and consumers
 * of the config.
 *
 * <p>A stream or consumer that is removed from the config is kept, with its messages; a stream is
 * only deleted if {@code deleteStreams} names it.
 */
public final class NatsJetStream extends Component {
  private final SortedMap<String, NatsCredentials> credentials;
  private final Output<String> caCertificate;
  private final Output<String> url;

  public NatsJetStream(String name, NatsJetStreamArgs args, ComponentResourceOptions options) {
    super(NatsJetStream.class, name, options);
    var config = args.config();
    var users = users(args);
    this.credentials = credentials(users);
    var tls = tls();
    this.caCertificate = tls.applyValue(ServerTls::caCertificate).asPlaintext();

    // It contains the volumes: deleting a namespace deletes all claims in it.
    var namespace =
        new Namespace(
            child("namespace"), NatsManifests.namespace(), first(protectedChildOptions()));
    var inNamespace = childOptions(List.of(namespace));
    var policies = policies(namespace);

    var serversOrigin =
        Origin.checked(
            Origin.of(child("servers-origin"), JetStreamOrigins.ofServers(config), this)
                .applyValue(origin -> JetStreamOrigins.refusalOfServers(config, origin)));
    var volumeOrigin =
        Origin.ofVolume(
            child("volume-origin"),
            KeyPath.of("nats", "storage"),
            config.storage(),
            VolumeOrigin.Holder.CLAIM,
            this);
    var streamsOrigin =
        Origin.checked(
            Secrets.all(streamOrigins(config), origin -> origin)
                .asPlaintext()
                .applyValue(origins -> JetStreamOrigins.refusalOfStreams(config, origins)));

    var natsConf = NatsConf.of(config, users);
    var configMap = new ConfigMap(child("config"), NatsManifests.configMap(natsConf), inNamespace);
    var passwords = Secrets.all(credentials, NatsCredentials::password);
    var passwordSecret =
        new Secret(child("passwords"), NatsManifests.passwords(passwords), inNamespace);
    var secrets =
        Output.tuple(passwords, clusterPassword(config), tls)
            .applyValue(all -> new NatsSecrets(new TreeMap<>(all.t1), all.t2, all.t3));
    var serverSecret =
        new Secret(
            child("server"),
            NatsManifests.serverSecret(
                secrets.applyValue(all -> all.files(natsConf, config.replicas()))),
            inNamespace);
    new Service(child("service"), NatsManifests.service(), inNamespace);
    var headless = new Service(child("headless"), NatsManifests.headlessService(), inNamespace);
    if (config.replicas() > 1) {
      new PodDisruptionBudget(
          child("disruption-budget"), NatsManifests.disruptionBudget(), inNamespace);
    }
    var servers =
        new StatefulSet(
            child("servers"),
            NatsStatefulSet.of(
                config,
                PodChecksums.of(
                    NatsConf.restartingPart(config),
                    Origin.after(
                        Origin.all(List.of(serversOrigin, volumeOrigin)),
                        secrets.applyValue(NatsSecrets::restartingPart))),
                args.tuning()),
            keepingVolumes(
                protectedChildOptions(
                    with(policies, namespace, configMap, serverSecret, headless))));
    var version = secrets.applyValue(all -> all.version(natsConf, config.replicas()));
    streams(
        config, Origin.after(streamsOrigin, version), List.of(namespace, servers, passwordSecret));

    this.url = servers.urn().applyValue(urn -> Nats.URL);
    registerOutputs(
        Map.of(
            "caCertificate",
            caCertificate,
            "streams",
            Output.of(List.copyOf(JetStreamPlan.streams(config))),
            "url",
            url));
  }

  /**
   * The address for clients inside the cluster; resolves once the servers are ready. Users of the
   * streams depend on this component: the Job that creates them is replaced at every change, and
   * using one of its values would replace them too.
   */
  public Output<String> url() {
    return url;
  }

  /**
   * How each role logs in: {@code admin}, {@code dead-letters}, {@code system}, {@code metrics},
   * {@code intake} and every worker. Each has to use the inbox prefix {@link NatsUser#inboxPrefix}.
   */
  public Map<String, NatsCredentials> credentials() {
    return credentials;
  }

  /**
   * How one role reaches NATS.
   *
   * @param role {@code intake}, or the function that a worker is for
   * @throws IllegalArgumentException if there is no such role; the message lists the roles
   */
  public NatsLogin login(String role) {
    var login = credentials.get(role);
    if (login == null) {
      throw new IllegalArgumentException(
          "NatsJetStream has no role '%s'; it has %s".formatted(role, credentials.keySet()));
    }
    return new NatsLogin(url, login.user(), login.password(), caCertificate);
  }

  /** The PEM certificate that clients verify the servers with; not a secret. */
  public Output<String> caCertificate() {
    return caCertificate;
  }

  private SortedMap<String, Output<String>> streamOrigins(NatsConfig config) {
    var origins = new TreeMap<String, Output<String>>();
    JetStreamOrigins.ofStreams(config)
        .forEach(
            (stream, origin) ->
                origins.put(
                    stream, Origin.of(child("stream-" + stream + "-origin"), origin, this)));
    return origins;
  }

  private static List<NatsUser> users(NatsJetStreamArgs args) {
    var subjects =
        args.config().streams().values().stream()
            .flatMap(stream -> stream.subjects().stream())
            .toList();
    var users = new ArrayList<NatsUser>();
    users.add(NatsUser.admin(subjects));
    users.add(NatsUser.deadLetters(args.config().streams()));
    users.add(NatsUser.intake(args.intakeSubjects()));
    args.workers().forEach((role, worker) -> users.add(NatsUser.worker(role, worker)));
    return users;
  }

  private SortedMap<String, NatsCredentials> credentials(List<NatsUser> users) {
    var result = new TreeMap<String, NatsCredentials>();
    for (var user : with(users, NatsUser.ofSystem())) {
      var password = GeneratedPassword.create(child(user.role() + "-password"), this);
      result.put(user.role(), new NatsCredentials(user.role(), password));
    }
    return Collections.unmodifiableSortedMap(result);
  }

  private static List<NatsUser> with(List<NatsUser> users, List<NatsUser> more) {
    return Stream.concat(users.stream(), more.stream()).toList();
  }

  private Output<Optional<String>> clusterPassword(NatsConfig config) {
    return config.replicas() == 1
        ? Output.of(Optional.empty())
        : GeneratedPassword.create(child("cluster-password"), this).applyValue(Optional::of);
  }

  /** Replacing the first password replaces the authority; the second, the servers' key. */
  private Output<ServerTls> tls() {
    return Output.tuple(
            GeneratedPassword.create(child("ca-key"), this),
            GeneratedPassword.create(child("server-key"), this))
        .applyValue(keys -> NatsTls.of(keys.t1, keys.t2));
  }

  private List<Resource> policies(Namespace namespace) {
    var inNamespace = childOptions(List.of(namespace));
    return List.of(
        new LimitRange(
            child("disk-limits"), DiskLimits.of(Namespaces.NATS, Nats.LABELS), inNamespace),
        new NetworkPolicy(child("default-deny"), NatsManifests.defaultDeny(), inNamespace),
        new NetworkPolicy(child("policy"), NatsManifests.networkPolicy().args(), inNamespace),
        new NetworkPolicy(
            child("admin-policy"), NatsManifests.adminNetworkPolicy().args(), inNamespace),
        new NetworkPolicy(
            child("streams-policy"), NatsManifests.streamsNetworkPolicy().args(), inNamespace));
  }

  private Job streams(NatsConfig config, Output<String> version, List<Resource> needed) {
    var files = StreamsJob.files(config);
    var configMap =
        new ConfigMap(child("streams-config"), StreamsJob.configMap(files), childOptions(needed));
    return new Job(
        child("streams"),
        StreamsJob.job(config, version.asPlaintext(), PodChecksums.of(files.toString(), version)),
        childOptions(with(needed, configMap)));
  }
}
