package dev.nordfaas.queueworker;

import dev.nordfaas.queueworker.call.CallCommand;
import dev.nordfaas.queueworker.config.IntakeSettings;
import dev.nordfaas.queueworker.config.InvalidEnvironmentException;
import dev.nordfaas.queueworker.config.MetricsPort;
import dev.nordfaas.queueworker.config.NatsAccess;
import dev.nordfaas.queueworker.config.WorkerSettings;
import dev.nordfaas.queueworker.deadletters.DeadLettersCommand;
import dev.nordfaas.queueworker.http.MetricsServer;
import dev.nordfaas.queueworker.intake.Intake;
import dev.nordfaas.queueworker.log.Log;
import dev.nordfaas.queueworker.nats.NatsClient;
import dev.nordfaas.queueworker.worker.Worker;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/** Starts the role named by the environment. */
public final class Main {
  /** Longer than either role needs to drain; Kubernetes has its own limit. */
  private static final long STOP_SECONDS = 600;

  private static final int USAGE = 2;

  private Main() {}

  /** Runs the role until it is told to stop, or a command. */
  public static void main(String[] args) {
    if (args.length > 0) {
      System.exit(command(args));
    }
    Log.captureLibraries();
    try {
      var environment = System.getenv();
      switch (environment.getOrDefault("ROLE", "")) {
        case "intake" -> {
          var settings = IntakeSettings.read(environment);
          run(
              environment,
              settings.nats(),
              (nats, registry) -> new Intake(settings, nats, registry));
        }
        case "worker" -> {
          var settings = WorkerSettings.read(environment);
          run(
              environment,
              settings.nats(),
              (nats, registry) -> new Worker(settings, nats, registry));
        }
        default -> usage("ROLE has to be intake or worker");
      }
    } catch (InvalidEnvironmentException | IllegalArgumentException e) {
      usage(String.valueOf(e.getMessage()));
    }
  }

  private static int command(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    if (args[0].equals("call")) {
      Log.captureLibraries();
      return CallCommand.run(System.getenv());
    }
    if (!args[0].equals("dead-letters")) {
      err.println("'%s' is not a command; use call or dead-letters".formatted(args[0]));
      return USAGE;
    }
    Log.silenceLibraries();
    var arguments = Arrays.copyOfRange(args, 1, args.length);
    return DeadLettersCommand.run(System.getenv(), out, err, arguments);
  }

  private static void usage(String problem) {
    System.err.println(problem);
    System.exit(USAGE);
  }

  private static void run(
      Map<String, String> environment,
      NatsAccess access,
      BiFunction<NatsClient, PrometheusRegistry, Deployable> role) {
    var metricsPort = MetricsPort.read(environment);
    var registry = new PrometheusRegistry();
    JvmMetrics.builder().register(registry);
    var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    var nats = NatsClient.start(access, () -> Runtime.getRuntime().exit(1));
    vertx
        .deployVerticle(new MetricsServer(metricsPort, registry))
        .compose(id -> vertx.deployVerticle(role.apply(nats, registry)))
        .onSuccess(id -> Log.info("started", Map.of("nats", access.toString())))
        .onFailure(
            failure -> {
              Log.error("cannot start", Map.of("cause", String.valueOf(failure)));
              Runtime.getRuntime().exit(1);
            });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(vertx, nats), "stop"));
  }

  private static void stop(Vertx vertx, NatsClient nats) {
    Log.info("stopping", Map.of());
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      Log.warn("stopped before everything was done", Map.of("cause", e.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    nats.close();
    Log.info("stopped", Map.of());
  }
}
