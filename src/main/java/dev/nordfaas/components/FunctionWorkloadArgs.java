package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.resources.Resource;
import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.FunctionConfig.QueueTrigger;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.QueueWorkerConfig;
import dev.nordfaas.function.DatabaseLogin;
import dev.nordfaas.function.NatsLogin;
import dev.nordfaas.function.Workloads;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.manifest.PullSecret;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Inputs of {@link FunctionWorkload}: a function, or the intake. */
public final class FunctionWorkloadArgs extends ResourceArgs {
  private static final String COMPONENT = "FunctionWorkload";

  private final Role role;
  private final Output<String> namespace;
  private final PullSecret pullSecret;
  private final ClusterNetworks networks;
  private final List<Resource> after;

  private FunctionWorkloadArgs(Role role, Builder<?> builder) {
    this.role = role;
    this.namespace = Required.argument(COMPONENT, "namespace", builder.namespace);
    this.pullSecret = builder.pullSecret;
    this.networks = builder.networks;
    this.after = builder.after;
  }

  /** What a workload is for. */
  public sealed interface Role {}

  /**
   * A function, with the wiring of its triggers and its database.
   *
   * @param config the function's config
   * @param worker wiring of its worker; only with a queue trigger
   * @param schedules wiring of its schedules; only with a cron trigger
   * @param database how it reaches its database, if it has one
   * @param calls how its calls get to it
   */
  public record FunctionRole(
      FunctionConfig config,
      Optional<Worker> worker,
      Optional<Schedules> schedules,
      Optional<DatabaseLogin> database,
      CallPath calls)
      implements Role {}

  /**
   * The worker that feeds a function from a stream.
   *
   * @param trigger which messages
   * @param consumer the consumer that the trigger names
   * @param queueWorker image and resources of the worker
   * @param nats how it reaches NATS
   * @param functionUrl where it calls the function
   */
  public record Worker(
      QueueTrigger trigger,
      ConsumerConfig consumer,
      QueueWorkerConfig queueWorker,
      NatsLogin nats,
      Output<String> functionUrl) {}

  /**
   * The scheduled calls of a function.
   *
   * @param image the image that makes the calls
   * @param functionUrl where they call the function
   */
  public record Schedules(String image, Output<String> functionUrl) {}

  /**
   * The intake of the asynchronous path.
   *
   * @param queueWorker image, routes and scale
   * @param nats how it reaches NATS
   * @param tuning settings of its pods' network namespaces
   */
  public record IntakeRole(QueueWorkerConfig queueWorker, NatsLogin nats, PodTuning tuning)
      implements Role {}

  /** Function or intake. */
  public Role role() {
    return role;
  }

  /** Name of the functions' namespace; resolves once it exists. */
  public Output<String> namespace() {
    return namespace;
  }

  /** Whether its images are pulled with the logins that OpenFaaS' component creates. */
  public PullSecret pullSecret() {
    return pullSecret;
  }

  /** Which addresses are the cluster's own. */
  public ClusterNetworks networks() {
    return networks;
  }

  /** What has to exist before its pods start. */
  public List<Resource> after() {
    return after;
  }

  /** A builder for a function. */
  public static FunctionBuilder function(FunctionConfig function) {
    return new FunctionBuilder(function);
  }

  /** A builder for intake: image, routes and scale are in the config. */
  public static IntakeBuilder intake(QueueWorkerConfig queueWorker) {
    return new IntakeBuilder(queueWorker);
  }

  /**
   * Builds {@link FunctionWorkloadArgs}.
   *
   * @param <B> the builder itself
   */
  public abstract static sealed class Builder<B extends Builder<B>> {
    private @Nullable Output<String> namespace;
    private PullSecret pullSecret = PullSecret.NONE;
    private ClusterNetworks networks = ClusterNetworks.UNKNOWN;
    private List<Resource> after = List.of();

    /** Name of the functions' namespace, which resolves once it exists. Required. */
    public B namespace(Output<String> namespace) {
      this.namespace = namespace;
      return self();
    }

    /**
     * Pulls its images with the logins that OpenFaaS' component creates. Default: without a login.
     */
    public B pullSecret(PullSecret pullSecret) {
      this.pullSecret = pullSecret;
      return self();
    }

    /** Which addresses are the cluster's own. Default: only those of links. */
    public B networks(ClusterNetworks networks) {
      this.networks = networks;
      return self();
    }

    /** What has to exist before its pods start, such as streams and roles. Default: nothing. */
    public B after(Resource... resources) {
      this.after = List.of(resources);
      return self();
    }

    /**
     * The arguments.
     *
     * @throws IllegalArgumentException if something required is missing, or if a function's
     *     environment has a variable that its database sets
     */
    public FunctionWorkloadArgs build() {
      return new FunctionWorkloadArgs(role(), this);
    }

    abstract B self();

    abstract Role role();
  }

  /** Builds the arguments of a function. */
  public static final class FunctionBuilder extends Builder<FunctionBuilder> {
    private final FunctionConfig function;
    private @Nullable QueueWorkerConfig queueWorker;
    private @Nullable NatsLogin nats;
    private @Nullable ConsumerConfig consumer;
    private @Nullable Output<String> functionUrl;
    private @Nullable DatabaseLogin database;
    private CallPath calls = CallPath.GATEWAY;

    private FunctionBuilder(FunctionConfig function) {
      this.function = function;
    }

    /** Image and resources of the worker. Required with a queue or cron trigger. */
    public FunctionBuilder queueWorker(QueueWorkerConfig queueWorker) {
      this.queueWorker = queueWorker;
      return this;
    }

    /** How the worker reaches NATS. Required with a queue trigger. */
    public FunctionBuilder nats(NatsLogin nats) {
      this.nats = nats;
      return this;
    }

    /** The consumer that the queue trigger names. Required with a queue trigger. */
    public FunctionBuilder consumer(ConsumerConfig consumer) {
      this.consumer = consumer;
      return this;
    }

    /**
     * Where its worker and its schedules call it, without a slash at the end. Required with a queue
     * or cron trigger.
     */
    public FunctionBuilder functionUrl(Output<String> functionUrl) {
      this.functionUrl = functionUrl;
      return this;
    }

    /** How its calls get to it. Default: through the gateway. */
    public FunctionBuilder calls(CallPath calls) {
      this.calls = calls;
      return this;
    }

    /** How the function reaches its database. Required with a database. */
    public FunctionBuilder database(DatabaseLogin database) {
      this.database = database;
      return this;
    }

    @Override
    FunctionBuilder self() {
      return this;
    }

    @Override
    FunctionRole role() {
      for (var variable : Workloads.databaseVariables(function)) {
        if (function.environment().containsKey(variable)) {
          throw new IllegalArgumentException(
              "%s is set from the function's database; remove it from the environment"
                  .formatted(variable));
        }
      }
      return new FunctionRole(
          function,
          function.queue().map(this::worker),
          function.cron().isEmpty() ? Optional.empty() : Optional.of(schedules()),
          function.database().map(access -> Required.argument(COMPONENT, "database", database)),
          calls);
    }

    private Worker worker(QueueTrigger trigger) {
      return new Worker(
          trigger,
          Required.argument(COMPONENT, "consumer", consumer),
          Required.argument(COMPONENT, "queueWorker", queueWorker),
          Required.argument(COMPONENT, "nats", nats),
          Required.argument(COMPONENT, "functionUrl", functionUrl));
    }

    private Schedules schedules() {
      return new Schedules(
          Required.argument(COMPONENT, "queueWorker", queueWorker).image(),
          Required.argument(COMPONENT, "functionUrl", functionUrl));
    }
  }

  /** Builds the arguments of intake. */
  public static final class IntakeBuilder extends Builder<IntakeBuilder> {
    private final QueueWorkerConfig queueWorker;
    private @Nullable NatsLogin nats;
    private PodTuning tuning = PodTuning.NONE;

    private IntakeBuilder(QueueWorkerConfig queueWorker) {
      this.queueWorker = queueWorker;
    }

    /** How it reaches NATS. Required. */
    public IntakeBuilder nats(NatsLogin nats) {
      this.nats = nats;
      return this;
    }

    /** Settings of its pods' network namespaces. Default: the kernel's. */
    public IntakeBuilder tuning(PodTuning tuning) {
      this.tuning = tuning;
      return this;
    }

    @Override
    IntakeBuilder self() {
      return this;
    }

    @Override
    IntakeRole role() {
      return new IntakeRole(queueWorker, Required.argument(COMPONENT, "nats", nats), tuning);
    }
  }
}
