package dev.nordfaas.function;

import static java.util.stream.Collectors.joining;

import com.pulumi.core.Output;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.FunctionConfig.CallbackRule;
import dev.nordfaas.config.FunctionConfig.QueueTrigger;
import dev.nordfaas.config.NatsConfig.ConsumerConfig;
import dev.nordfaas.config.QueueWorkerConfig.IntakeConfig;
import dev.nordfaas.config.QueueWorkerConfig.RouteConfig;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * The contract between this program and the queue-worker image: its environment, port and paths.
 * Durations are written like {@code 250ms}, {@code 30s}, {@code 1m}.
 */
public final class QueueWorkerEnvironment {
  /** {@link #INTAKE} or {@link #WORKER}. */
  public static final String ROLE = "ROLE";

  /** Value of {@link #ROLE}: accept requests, publish them, answer 202 after the PubAck. */
  public static final String INTAKE = "intake";

  /** Value of {@link #ROLE}: take messages, call the function, acknowledge. */
  public static final String WORKER = "worker";

  /** TCP port on which both roles answer the probes, and intake its routes. */
  public static final String HTTP_PORT = "HTTP_PORT";

  /** TCP port on which both roles serve {@code /metrics}. */
  public static final String METRICS_PORT_VARIABLE = "METRICS_PORT";

  /** Address of NATS, such as {@code nats://nats.nats.svc.cluster.local:4222}. */
  public static final String NATS_URL = "NATS_URL";

  /** User that the role logs in as; its inboxes begin with {@code _INBOX_<user>}. */
  public static final String NATS_USER = "NATS_USER";

  /** PEM file with the certificate that NATS is verified with. */
  public static final String NATS_CA = "NATS_CA";

  /** Its password, from a Secret. */
  public static final String NATS_PASSWORD = "NATS_PASSWORD";

  /**
   * Intake: JSON array of objects with {@code name}, {@code path}, {@code subject}, {@code
   * maxBodyBytes} and, if bodies have to match one, {@code schema}, a JSON Schema; sorted by name.
   */
  public static final String ROUTES = "ROUTES";

  /** Intake: requests per second that one client may make to one pod; absent: unlimited. */
  public static final String RATE_LIMIT = "RATE_LIMIT";

  /** Worker: name of the stream. */
  public static final String STREAM = "STREAM";

  /** Worker: name of the stream's durable consumer. */
  public static final String DURABLE = "DURABLE";

  /** Worker: where to POST each message, the function's address, or the gateway's of it. */
  public static final String FUNCTION_URL = "FUNCTION_URL";

  /** Worker: maximum number of calls in flight. */
  public static final String CONCURRENCY = "CONCURRENCY";

  /** Worker: how long to wait for the function's response. */
  public static final String CALL_TIMEOUT = "CALL_TIMEOUT";

  /** Worker: deliveries before a message goes to the dead-letter stream. */
  public static final String MAX_DELIVER = "MAX_DELIVER";

  /** Worker: comma-separated delays after the first, second, ... failed call. */
  public static final String BACKOFF = "BACKOFF";

  /** Worker: comma-separated hosts that responses may be posted to; absent: none. */
  public static final String CALLBACK_HOSTS = "CALLBACK_HOSTS";

  /** The image's command that calls a function once. */
  static final String CALL = "call";

  /** Exit code of {@link #CALL}: a variable is missing or wrong. */
  static final int EXIT_USAGE = 2;

  /** Exit code of {@link #CALL}: the function refused the call, and would again. */
  static final int EXIT_REFUSED = 3;

  /** Call: id of the call, the same in each attempt. */
  static final String CALL_ID = "CALL_ID";

  /** Call: what to POST. */
  static final String BODY = "BODY";

  /** Call: the body's content type. */
  static final String CONTENT_TYPE = "CONTENT_TYPE";

  /** Value of {@link #HTTP_PORT}. */
  static final int PORT = 8080;

  /** Answers 200 while the role can work: connected to NATS and not draining. */
  static final String READY_PATH = "/_/ready";

  /** Value of {@link #METRICS_PORT_VARIABLE}. */
  static final int METRICS_PORT = 8081;

  private static final int HTTPS = 443;

  static final String NATS_FOLDER = "/etc/nats";
  static final String CA_FILE = "ca.crt";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private QueueWorkerEnvironment() {}

  /** The environment of intake. */
  static SortedMap<String, Output<String>> intake(
      IntakeConfig intake, Output<String> natsUrl, String natsUser) {
    var environment = common(INTAKE, natsUrl, natsUser);
    environment.put(ROUTES, Output.of(json(intake.routes())));
    intake.rateLimit().ifPresent(limit -> environment.put(RATE_LIMIT, Output.of(limit.toString())));
    return environment;
  }

  /** The environment of the worker of one function. */
  static SortedMap<String, Output<String>> worker(
      FunctionConfig function,
      QueueTrigger trigger,
      ConsumerConfig consumer,
      Output<String> natsUrl,
      String natsUser,
      Output<String> functionUrl) {
    var environment = common(WORKER, natsUrl, natsUser);
    environment.put(STREAM, Output.of(trigger.stream()));
    environment.put(DURABLE, Output.of(trigger.durable()));
    environment.put(FUNCTION_URL, functionUrl.applyValue(QueueWorkerEnvironment::withPath));
    environment.put(CONCURRENCY, Output.of(Integer.toString(trigger.concurrency())));
    environment.put(CALL_TIMEOUT, Output.of(Durations.format(function.timeout())));
    environment.put(MAX_DELIVER, Output.of(Integer.toString(consumer.maxDeliver())));
    environment.put(
        BACKOFF,
        Output.of(consumer.backoff().stream().map(Durations::format).collect(joining(","))));
    if (!trigger.callbacks().isEmpty()) {
      environment.put(
          CALLBACK_HOSTS,
          Output.of(
              trigger.callbacks().stream()
                  .map(QueueWorkerEnvironment::authority)
                  .distinct()
                  .collect(joining(","))));
    }
    return environment;
  }

  private static String withPath(String url) {
    return URI.create(url).getPath().isEmpty() ? url + "/" : url;
  }

  /** As in URLs: without the default port of https. */
  private static String authority(CallbackRule callback) {
    return callback.port() == HTTPS ? callback.host() : callback.host() + ":" + callback.port();
  }

  private static SortedMap<String, Output<String>> common(
      String role, Output<String> natsUrl, String natsUser) {
    var environment = new TreeMap<String, Output<String>>();
    environment.put(ROLE, Output.of(role));
    environment.put(HTTP_PORT, Output.of(Integer.toString(PORT)));
    environment.put(METRICS_PORT_VARIABLE, Output.of(Integer.toString(METRICS_PORT)));
    environment.put(NATS_CA, Output.of(NATS_FOLDER + "/" + CA_FILE));
    environment.put(NATS_URL, natsUrl);
    environment.put(NATS_USER, Output.of(natsUser));
    return environment;
  }

  private static String json(Map<String, RouteConfig> routes) {
    var list =
        new TreeMap<>(routes)
            .entrySet().stream().map(route -> object(route.getKey(), route.getValue())).toList();
    return JSON.writeValueAsString(list);
  }

  private static Map<String, Object> object(String name, RouteConfig route) {
    var object = new LinkedHashMap<String, Object>();
    object.put("name", name);
    object.put("path", route.path());
    object.put("subject", route.subject());
    object.put("maxBodyBytes", route.maxBodySize().bytes());
    route.schema().ifPresent(file -> object.put("schema", RequestSchema.read(file)));
    return object;
  }
}
