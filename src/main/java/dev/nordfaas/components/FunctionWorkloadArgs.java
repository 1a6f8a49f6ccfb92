package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.resources.Resource;
import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.QueueWorkerConfig;
import dev.nordfaas.function.DatabaseLogin;
import dev.nordfaas.function.Queue;
import dev.nordfaas.function.Workloads;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.manifest.PullSecret;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@link FunctionWorkload} is made from: a function, or the intake. */
public final class FunctionWorkloadArgs extends ResourceArgs {
  private static final String COMPONENT = "FunctionWorkload";

  private final Optional<FunctionConfig> function;
  private final Optional<QueueWorkerConfig> queueWorker;
  private final Output<String> namespace;
  private final Optional<Queue> queue;
  private final Optional<ConsumerConfig> consumer;
  private final Optional<Output<String>> gatewayUrl;
  private final Optional<DatabaseLogin> database;
  private final int poolerPort;
  private final PodTuning tuning;
  private final PullSecret pullSecret;
  private final List<Resource> after;

  private FunctionWorkloadArgs(Builder builder) {
    this.function = Optional.ofNullable(builder.function);
    this.queueWorker = Optional.ofNullable(builder.queueWorker);
    this.namespace = Required.argument(COMPONENT, "namespace", builder.namespace);
    this.queue =
        builder.natsUrl == null
                || builder.natsCredentials == null
                || builder.natsCaCertificate == null
            ? Optional.empty()
            : Optional.of(
                new Queue(
                    builder.natsUrl,
                    builder.natsCredentials.user(),
                    builder.natsCredentials.password(),
                    builder.natsCaCertificate));
    this.consumer = Optional.ofNullable(builder.consumer);
    this.gatewayUrl = Optional.ofNullable(builder.gatewayUrl);
    this.database =
        builder.databaseDsn == null || builder.databaseCaCertificate == null
            ? Optional.empty()
            : Optional.of(new DatabaseLogin(builder.databaseDsn, builder.databaseCaCertificate));
    this.poolerPort = builder.poolerPort;
    this.tuning = builder.tuning;
    this.pullSecret = builder.pullSecret;
    this.after = builder.after;
  }

  /** The function; empty for intake. */
  public Optional<FunctionConfig> function() {
    return function;
  }

  /** Image, resources and intake of the asynchronous path. */
  public Optional<QueueWorkerConfig> queueWorker() {
    return queueWorker;
  }

  /** Name of the functions' namespace, once that exists. */
  public Output<String> namespace() {
    return namespace;
  }

  /** How to reach NATS. */
  public Optional<Queue> queue() {
    return queue;
  }

  /** The consumer that the queue trigger names. */
  public Optional<ConsumerConfig> consumer() {
    return consumer;
  }

  /** The gateway's address inside the cluster. */
  public Optional<Output<String>> gatewayUrl() {
    return gatewayUrl;
  }

  /** How the function reaches its database. */
  public Optional<DatabaseLogin> database() {
    return database;
  }

  /** TCP port of the pooler. */
  public int poolerPort() {
    return poolerPort;
  }

  /** What intake's network namespaces get. */
  public PodTuning tuning() {
    return tuning;
  }

  /** Whether its images are pulled with the logins that OpenFaaS' component makes. */
  public PullSecret pullSecret() {
    return pullSecret;
  }

  /** What has to be there before its pods start. */
  public List<Resource> after() {
    return after;
  }

  /** Starts with a function. */
  public static Builder function(FunctionConfig function) {
    return new Builder(function);
  }

  /** Starts with intake: image, routes and scale are in the config. */
  public static Builder intake(QueueWorkerConfig queueWorker) {
    return new Builder(null).queueWorker(queueWorker);
  }

  /** Builds {@link FunctionWorkloadArgs}. */
  public static final class Builder {
    private final @Nullable FunctionConfig function;
    private @Nullable QueueWorkerConfig queueWorker;
    private @Nullable Output<String> namespace;
    private @Nullable Output<String> natsUrl;
    private @Nullable NatsCredentials natsCredentials;
    private @Nullable Output<String> natsCaCertificate;
    private @Nullable ConsumerConfig consumer;
    private @Nullable Output<String> gatewayUrl;
    private @Nullable Output<String> databaseDsn;
    private @Nullable Output<String> databaseCaCertificate;
    private int poolerPort = 6432;
    private PodTuning tuning = PodTuning.NONE;
    private PullSecret pullSecret = PullSecret.NONE;
    private List<Resource> after = List.of();

    private Builder(@Nullable FunctionConfig function) {
      this.function = function;
    }

    /** Name of the functions' namespace, once that exists. Required. */
    public Builder namespace(Output<String> namespace) {
      this.namespace = namespace;
      return this;
    }

    /** Image and resources of the worker. Required with a queue or cron trigger. */
    public Builder queueWorker(QueueWorkerConfig queueWorker) {
      this.queueWorker = queueWorker;
      return this;
    }

    /** Address of NATS. Required for intake and with a queue trigger. */
    public Builder natsUrl(Output<String> natsUrl) {
      this.natsUrl = natsUrl;
      return this;
    }

    /** The role's login at NATS. Required for intake and with a queue trigger. */
    public Builder natsCredentials(NatsCredentials natsCredentials) {
      this.natsCredentials = natsCredentials;
      return this;
    }

    /** The certificate that NATS is known by. Required for intake and with a queue trigger. */
    public Builder natsCaCertificate(Output<String> natsCaCertificate) {
      this.natsCaCertificate = natsCaCertificate;
      return this;
    }

    /** The consumer that the queue trigger names. Required with a queue trigger. */
    public Builder consumer(ConsumerConfig consumer) {
      this.consumer = consumer;
      return this;
    }

    /** The gateway's address inside the cluster. Required with a queue or cron trigger. */
    public Builder gatewayUrl(Output<String> gatewayUrl) {
      this.gatewayUrl = gatewayUrl;
      return this;
    }

    /** DSN of the function's own role at the pooler, a secret. Required with a database. */
    public Builder databaseDsn(Output<String> databaseDsn) {
      this.databaseDsn = databaseDsn;
      return this;
    }

    /** Certificate, in PEM, of the authority that the pooler's is of. Required with a database. */
    public Builder databaseCaCertificate(Output<String> databaseCaCertificate) {
      this.databaseCaCertificate = databaseCaCertificate;
      return this;
    }

    /** TCP port of the pooler; 6432 unless set. */
    public Builder poolerPort(int poolerPort) {
      this.poolerPort = poolerPort;
      return this;
    }

    /** What intake's network namespaces get; what the kernel has by default. */
    public Builder tuning(PodTuning tuning) {
      this.tuning = tuning;
      return this;
    }

    /** Pulls its images with the logins that OpenFaaS' component makes; without a login. */
    public Builder pullSecret(PullSecret pullSecret) {
      this.pullSecret = pullSecret;
      return this;
    }

    /** What has to be there before its pods start, such as streams and roles. */
    public Builder after(Resource... resources) {
      this.after = List.of(resources);
      return this;
    }

    /**
     * The arguments.
     *
     * @throws IllegalArgumentException if something is missing that the function's triggers need,
     *     or if its environment has a variable that its database sets
     */
    public FunctionWorkloadArgs build() {
      if (function == null || function.queue().isPresent()) {
        Required.argument(COMPONENT, "queueWorker", queueWorker);
        Required.argument(COMPONENT, "natsUrl", natsUrl);
        Required.argument(COMPONENT, "natsCredentials", natsCredentials);
        Required.argument(COMPONENT, "natsCaCertificate", natsCaCertificate);
      }
      if (function != null) {
        checkFunction(function);
      }
      return new FunctionWorkloadArgs(this);
    }

    private void checkFunction(FunctionConfig function) {
      if (function.queue().isPresent()) {
        Required.argument(COMPONENT, "consumer", consumer);
        Required.argument(COMPONENT, "gatewayUrl", gatewayUrl);
      }
      if (!function.cron().isEmpty()) {
        Required.argument(COMPONENT, "queueWorker", queueWorker);
        Required.argument(COMPONENT, "gatewayUrl", gatewayUrl);
      }
      if (function.database().isPresent()) {
        Required.argument(COMPONENT, "databaseDsn", databaseDsn);
        Required.argument(COMPONENT, "databaseCaCertificate", databaseCaCertificate);
      }
      for (var variable : Workloads.databaseVariables(function)) {
        if (function.environment().containsKey(variable)) {
          throw new IllegalArgumentException(
              "%s is set from the function's database; remove it from the environment"
                  .formatted(variable));
        }
      }
    }
  }
}
