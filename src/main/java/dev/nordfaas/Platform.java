package dev.nordfaas;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.ProviderResource;
import dev.nordfaas.components.FunctionWorkload;
import dev.nordfaas.components.K3sCluster;
import dev.nordfaas.components.NatsJetStream;
import dev.nordfaas.components.OpenFaas;
import dev.nordfaas.components.PooledPostgres;
import dev.nordfaas.function.DatabaseLogin;
import dev.nordfaas.function.NatsLogin;
import dev.nordfaas.plan.Plan;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The whole platform of one datacenter: six components, wired. What a program adds to it gets the
 * cluster and the addresses here.
 *
 * <p>Every output that is a secret says so; what is made from it is one, too.
 */
public final class Platform {
  /** The output with the read-only kubeconfig. */
  static final String READ_ONLY_KUBECONFIG = "readOnlyKubeconfig";

  private final Plan plan;
  private final K3sCluster cluster;
  private final NatsJetStream nats;
  private final PooledPostgres postgres;
  private final OpenFaas openfaas;
  private final SortedMap<String, FunctionWorkload> functions;
  private final Map<String, Output<?>> outputs;

  Platform(
      Plan plan,
      K3sCluster cluster,
      NatsJetStream nats,
      PooledPostgres postgres,
      OpenFaas openfaas,
      SortedMap<String, FunctionWorkload> functions) {
    this.plan = plan;
    this.cluster = cluster;
    this.nats = nats;
    this.postgres = postgres;
    this.openfaas = openfaas;
    this.functions = new TreeMap<>(functions);
    this.outputs = outputsOf(cluster, postgres, openfaas);
  }

  /**
   * Registers everything that was planned. {@link Nordfaas#run()} calls it in a run of Pulumi;
   * tests do, with mocks in place of the engine.
   *
   * @param plan what a stack consists of
   * @return the platform, and what can be built on it
   */
  public static Platform define(Plan plan) {
    return define(plan, warning -> {});
  }

  /**
   * The same; what a host was last seen to be in need of goes to {@code warnings}, once it is
   * known.
   */
  static Platform define(Plan plan, Consumer<String> warnings) {
    RunnerPause.begin();
    return new Wiring(plan, warnings).platform();
  }

  /**
   * What the platform consists of.
   *
   * @return the plan, with the stack's config
   */
  public Plan plan() {
    return plan;
  }

  /**
   * Options of a component of one's own: its Kubernetes resources are created on this cluster.
   *
   * @return options with the cluster's provider, and with the priority classes to wait for
   */
  public ComponentResourceOptions options() {
    return Wiring.onCluster(cluster);
  }

  /**
   * Options of a single Kubernetes resource of one's own on this cluster.
   *
   * @return the same as {@link #options()}, for a resource that is in no component
   */
  public CustomResourceOptions resourceOptions() {
    return CustomResourceOptions.builder()
        .provider(cluster.provider())
        .dependsOn(cluster.priorityClasses())
        .build();
  }

  /**
   * The provider of the cluster.
   *
   * @return a provider of {@code kubernetes} resources
   */
  public ProviderResource provider() {
    return cluster.provider();
  }

  /**
   * How the cluster's administrator reaches it.
   *
   * @return the text of a kubeconfig; a secret
   */
  public Output<String> kubeconfig() {
    return cluster.kubeconfig();
  }

  /**
   * How to read everything in the cluster except Secrets.
   *
   * @return the text of a kubeconfig; a secret
   */
  public Output<String> readOnlyKubeconfig() {
    return cluster.readOnlyKubeconfig();
  }

  /**
   * Where clients outside the cluster call the platform; known once the edge answers.
   *
   * @return such as {@code https://functions.example.no}
   */
  public Output<String> edgeUrl() {
    return openfaas.edgeUrl();
  }

  /**
   * The address of OpenFaaS' gateway inside the cluster, for pods with the label {@code
   * gateway-client}.
   *
   * @return empty with edition {@code none}
   */
  public Optional<Output<String>> internalGatewayUrl() {
    return openfaas.internalGatewayUrl();
  }

  /**
   * The password of user {@code admin} at OpenFaaS' gateway.
   *
   * @return a secret; empty with edition {@code none}
   */
  public Optional<Output<String>> gatewayPassword() {
    return openfaas.adminPassword();
  }

  /**
   * The namespace of the functions, once it exists.
   *
   * @return its name
   */
  public Output<String> functionsNamespace() {
    return openfaas.functionsNamespace();
  }

  /**
   * The address of a function itself inside the cluster, for pods that its network policy lets in;
   * known once it runs.
   *
   * @param function its name in the stack config
   * @return such as {@code http://hello.openfaas-fn.svc.cluster.local:8080}
   * @throws IllegalArgumentException if the stack has no such function; the message lists them
   */
  public Output<String> functionUrl(String function) {
    return Optional.ofNullable(functions.get(function))
        .map(FunctionWorkload::url)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "The platform has no function '%s'; it has %s"
                        .formatted(function, functions.keySet())));
  }

  /**
   * The address of NATS for clients inside the cluster, once its servers are ready.
   *
   * @return such as {@code tls://nats.nats.svc.cluster.local:4222}
   */
  public Output<String> natsUrl() {
    return nats.url();
  }

  /**
   * How one role logs in to NATS.
   *
   * @param role {@code intake}, {@code admin}, {@code metrics} or the function that a worker is for
   * @return address, user, password and what to verify the servers with
   * @throws IllegalArgumentException if there is no such role; the message lists them
   */
  public NatsLogin natsLogin(String role) {
    return nats.login(role);
  }

  /**
   * How one function logs in to its database, as its own role at PgBouncer.
   *
   * @param function its name in the stack config
   * @return the connection string and what to verify PgBouncer with
   * @throws IllegalArgumentException if it has no database; the message lists those that have
   */
  public DatabaseLogin databaseLogin(String function) {
    return postgres.login(function);
  }

  /**
   * What the backups of PostgreSQL are encrypted with.
   *
   * @return a secret; empty without backups
   */
  public Optional<Output<String>> backupPassphrase() {
    return postgres.backupPassphrase();
  }

  /**
   * Adds an output of the stack, besides the platform's own.
   *
   * @param name its name, as {@code pulumi stack output} shows it
   * @param output its value
   * @throws IllegalArgumentException if the stack has an output of this name already
   */
  public void export(String name, Output<?> output) {
    if (outputs.putIfAbsent(name, output) != null) {
      throw new IllegalArgumentException(
          "The stack has an output '%s' already; choose another name".formatted(name));
    }
  }

  /**
   * The outputs of the stack: the platform's own, and what was added by {@link #export}.
   *
   * @return each by its name
   */
  public Map<String, Output<?>> outputs() {
    return Collections.unmodifiableMap(outputs);
  }

  private static Map<String, Output<?>> outputsOf(
      K3sCluster cluster, PooledPostgres postgres, OpenFaas openfaas) {
    var outputs = new LinkedHashMap<String, Output<?>>();
    outputs.put("edgeUrl", openfaas.edgeUrl());
    outputs.put("kubeconfig", cluster.kubeconfig());
    outputs.put(READ_ONLY_KUBECONFIG, cluster.readOnlyKubeconfig());
    openfaas
        .adminPassword()
        .ifPresent(
            password -> {
              outputs.put("gatewayUrl", openfaas.edgeUrl());
              outputs.put("gatewayPassword", password);
            });
    postgres.backupPassphrase().ifPresent(it -> outputs.put("backupPassphrase", it));
    return outputs;
  }
}
