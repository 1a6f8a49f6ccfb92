package dev.nordfaas.components;

import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.config.NatsConfig;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.nats.NatsUser;
import dev.nordfaas.nats.NatsWorker;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Inputs of {@link NatsJetStream}. */
public final class NatsJetStreamArgs extends ResourceArgs {
  private static final Set<String> RESERVED_ROLES =
      Set.of(
          NatsUser.ADMIN,
          NatsUser.CLUSTER,
          NatsUser.DEAD_LETTERS,
          NatsUser.INTAKE,
          NatsUser.METRICS,
          NatsUser.SYSTEM);

  private final NatsConfig config;
  private final List<String> intakeSubjects;
  private final SortedMap<String, NatsWorker> workers;
  private final PodTuning tuning;

  private NatsJetStreamArgs(
      NatsConfig config,
      List<String> intakeSubjects,
      Map<String, NatsWorker> workers,
      PodTuning tuning) {
    this.config = config;
    this.intakeSubjects = List.copyOf(intakeSubjects);
    this.workers = Collections.unmodifiableSortedMap(new TreeMap<>(workers));
    this.tuning = tuning;
  }

  public static Builder builder() {
    return new Builder();
  }

  NatsConfig config() {
    return config;
  }

  List<String> intakeSubjects() {
    return intakeSubjects;
  }

  SortedMap<String, NatsWorker> workers() {
    return workers;
  }

  PodTuning tuning() {
    return tuning;
  }

  /** Builds NatsJetStreamArgs. */
  public static final class Builder {
    private @Nullable NatsConfig config;
    private List<String> intakeSubjects = List.of();
    private Map<String, NatsWorker> workers = Map.of();
    private PodTuning tuning = PodTuning.NONE;

    private Builder() {}

    /** The section {@code nats} of the stack config. Required. */
    public Builder config(NatsConfig config) {
      this.config = config;
      return this;
    }

    /** The subjects that the role {@code intake} may publish to. Default: none. */
    public Builder intakeSubjects(List<String> subjects) {
      this.intakeSubjects = subjects;
      return this;
    }

    /** The consumer of each worker by its role, the name of its function. Default: none. */
    public Builder workers(Map<String, NatsWorker> workers) {
      this.workers = workers;
      return this;
    }

    /** Settings of the servers' network namespaces. Default: the kernel's. */
    public Builder tuning(PodTuning tuning) {
      this.tuning = tuning;
      return this;
    }

    /**
     * The inputs.
     *
     * @throws IllegalArgumentException if the config is missing, or a worker's role is taken or its
     *     consumer is not in the config
     */
    public NatsJetStreamArgs build() {
      var config = Required.argument("NatsJetStream", "config", this.config);
      for (var worker : workers.entrySet()) {
        check(config, worker.getKey(), worker.getValue());
      }
      return new NatsJetStreamArgs(config, intakeSubjects, workers, tuning);
    }

    private static void check(NatsConfig config, String role, NatsWorker worker) {
      if (RESERVED_ROLES.contains(role)) {
        throw new IllegalArgumentException(
            "NatsJetStreamArgs: no worker can be called '%s': NATS has a user with that name"
                .formatted(role));
      }
      var stream = config.streams().get(worker.stream());
      if (stream == null || !stream.consumers().containsKey(worker.durable())) {
        throw new IllegalArgumentException(
            "NatsJetStreamArgs: worker '%s' takes from consumer '%s' of stream '%s', which is not in the config"
                .formatted(role, worker.durable(), worker.stream()));
      }
    }
  }
}
