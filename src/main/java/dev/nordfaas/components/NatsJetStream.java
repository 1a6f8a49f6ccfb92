package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.apps.v1.StatefulSet;
import com.pulumi.kubernetes.batch.v1.Job;
import com.pulumi.kubernetes.core.v1.ConfigMap;
import com.pulumi.kubernetes.core.v1.Namespace;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.core.v1.Service;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudget;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.nats.Nats;
import dev.nordfaas.nats.NatsConf;
import dev.nordfaas.nats.NatsManifests;
import dev.nordfaas.nats.NatsSecrets;
import dev.nordfaas.nats.NatsStatefulSet;
import dev.nordfaas.nats.NatsUser;
import dev.nordfaas.nats.StreamsJob;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * NATS with JetStream: servers with a volume each, one user per role, and the streams and consumers
 * of the config.
 *
 * <p>A stream or consumer that leaves the config is kept, with its messages; only {@code nats
 * stream rm} deletes it.
 */
public final class NatsJetStream extends Component {
  private final SortedMap<String, NatsCredentials> credentials;
  private final Output<String> url;
  private final Output<Boolean> streamsReady;

  public NatsJetStream(String name, NatsJetStreamArgs args, ComponentResourceOptions options) {
    super(NatsJetStream.class, name, options);
    var config = args.config();
    var users = users(args);
    this.credentials = credentials(users);

    // It has the volumes: whoever deletes a namespace deletes all claims in it.
    var namespace =
        new Namespace(child("namespace"), NatsManifests.namespace(), protectedChildOptions());
    var inNamespace = childOptions(List.of(namespace));
    var policies = policies(namespace);

    var natsConf = NatsConf.of(config, users);
    var configMap = new ConfigMap(child("config"), NatsManifests.configMap(natsConf), inNamespace);
    var secretValues = secretValues(config);
    var secret = new Secret(child("passwords"), NatsManifests.secret(secretValues), inNamespace);
    var secretText = secretValues.applyValue(Map::toString);
    new Service(child("service"), NatsManifests.service(), inNamespace);
    var headless = new Service(child("headless"), NatsManifests.headlessService(), inNamespace);
    if (config.replicas() > 1) {
      new PodDisruptionBudget(
          child("disruption-budget"), NatsManifests.disruptionBudget(), inNamespace);
    }
    var servers =
        new StatefulSet(
            child("servers"),
            NatsStatefulSet.of(config, PodChecksums.of(natsConf, secretText), args.tuning()),
            protectedChildOptions(with(policies, namespace, configMap, secret, headless)));
    var streams = streams(config, namespace, servers, secretText);

    this.url = servers.urn().applyValue(urn -> Nats.URL);
    this.streamsReady = streams.urn().applyValue(urn -> true);
    registerOutputs(Map.of("url", url, "streamsReady", streamsReady));
  }

  /** The address for clients inside the cluster; there once the servers are ready. */
  public Output<String> url() {
    return url;
  }

  /**
   * How each role logs in: {@code admin}, {@code intake} and every worker. Each has to use the
   * inbox prefix {@link NatsUser#inboxPrefix}.
   */
  public Map<String, NatsCredentials> credentials() {
    return credentials;
  }

  /** True once all streams and consumers are there. */
  public Output<Boolean> streamsReady() {
    return streamsReady;
  }

  private static List<NatsUser> users(NatsJetStreamArgs args) {
    var subjects =
        args.config().streams().values().stream()
            .flatMap(stream -> stream.subjects().stream())
            .toList();
    var users = new ArrayList<NatsUser>();
    users.add(NatsUser.admin(subjects));
    users.add(NatsUser.intake(args.intakeSubjects()));
    args.workers().forEach((role, worker) -> users.add(NatsUser.worker(role, worker)));
    return users;
  }

  private SortedMap<String, NatsCredentials> credentials(List<NatsUser> users) {
    var result = new TreeMap<String, NatsCredentials>();
    for (var user : users) {
      var password = GeneratedPassword.create(child(user.role() + "-password"), this);
      result.put(user.role(), new NatsCredentials(user.role(), password));
    }
    return Collections.unmodifiableSortedMap(result);
  }

  private Output<Map<String, String>> secretValues(NatsConfig config) {
    var passwords = Secrets.all(credentials, NatsCredentials::password);
    if (config.replicas() == 1) {
      return passwords.applyValue(NatsSecrets::of);
    }
    var clusterPassword = GeneratedPassword.create(child("cluster-password"), this);
    return Output.tuple(passwords, clusterPassword)
        .applyValue(both -> NatsSecrets.ofCluster(both.t1, both.t2, config.replicas()));
  }

  private List<Resource> policies(Namespace namespace) {
    var inNamespace = childOptions(List.of(namespace));
    return List.of(
        new NetworkPolicy(child("default-deny"), NatsManifests.defaultDeny(), inNamespace),
        new NetworkPolicy(child("policy"), NatsManifests.networkPolicy(), inNamespace),
        new NetworkPolicy(
            child("streams-policy"), NatsManifests.streamsNetworkPolicy(), inNamespace));
  }

  private Job streams(
      NatsConfig config, Namespace namespace, StatefulSet servers, Output<String> secretText) {
    var files = StreamsJob.files(config);
    var configMap =
        new ConfigMap(
            child("streams-config"), StreamsJob.configMap(files), childOptions(List.of(namespace)));
    return new Job(
        child("streams"),
        StreamsJob.job(config.toolsImage(), PodChecksums.of(files.toString(), secretText)),
        childOptions(List.of(configMap, servers)));
  }
}
