package dev.nordfaas.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One function: a Deployment that OpenFaaS knows, never scaled to zero. */
public record FunctionConfig(
    @Key(
            value = "Image of the function, which has to listen on port 8080.",
            pattern = Patterns.IMAGE,
            hint = Patterns.IMAGE_HINT,
            example = "registry.example.no/nordfaas/order-processor:0.1.0")
        String image,
    @Key(
            value = "Path that answers 200 when the function can accept requests.",
            defaultValue = "/_/ready",
            pattern = Patterns.PATH,
            hint = Patterns.PATH_HINT)
        String readinessPath,
    @Key(
            value =
                "TCP port on which the function serves its metrics, at /metrics, for Prometheus alone; not 8080. Not scraped by default.",
            min = 1024,
            max = 65535,
            example = "8081")
        Optional<Integer> metricsPort,
    @Key(value = "Number of replicas.", defaultValue = "{min: 1, max: 1}") ScaleConfig scale,
    @Key(
            value = "Requests and limits of the function.",
            defaultValue = "{requests: {cpu: 250m, memory: 256Mi}, limits: {memory: 512Mi}}")
        ResourcesConfig resources,
    @Key(
            value =
                "Labels that a node has to have, all of them, to run the function: those of nodes.<name>.labels, kubernetes.io/hostname, kubernetes.io/os and kubernetes.io/arch. Any node by default.",
            defaultValue = "{}",
            keyPattern = Patterns.QUALIFIED_NAME,
            keyHint = Patterns.LABEL_KEY_HINT,
            pattern = Patterns.LABEL_VALUE,
            hint = Patterns.LABEL_VALUE_HINT,
            integers = true)
        Map<String, String> nodeSelector,
    @Key(
            value = "Environment variables; no secrets here.",
            defaultValue = "{}",
            keyPattern = Patterns.ENV_NAME,
            keyHint = Patterns.ENV_NAME_HINT,
            integers = true)
        Map<String, String> environment,
    @Key(
            value =
                "Secrets by name, each in a file /var/openfaas/secrets/<name>. A new value rolls the function's pods.",
            defaultValue = "{}",
            keyPattern = Patterns.SECRET_NAME,
            keyHint = Patterns.SECRET_NAME_HINT)
        Map<String, SecretValue> secrets,
    @Key(
            value =
                "How long one call may take; at most openfaas.gateway.upstreamTimeout, and below edge.timeouts.response.",
            defaultValue = "30s")
        Duration timeout,
    @Key(
            value =
                "How long a new version may take to become fully ready, from 10s to 1h. After that `up` fails, and the old version keeps serving.",
            defaultValue = "5m")
        Duration rolloutTimeout,
    @Key(
            "Opens the function to clients outside the cluster, at /function/<name>. Without it, only its queue and its schedules call it.")
        Optional<HttpTrigger> http,
    @Key("Creates a queue-worker that takes messages from a stream and calls the function.")
        Optional<QueueTrigger> queue,
    @Key(
            value = "Scheduled calls by name.",
            defaultValue = "{}",
            keyPattern = Patterns.DNS_LABEL,
            keyHint = Patterns.DNS_LABEL_HINT)
        Map<String, CronTrigger> cron,
    @Key("Gives the function its own login role and the DSN of the pooler.")
        Optional<DatabaseAccess> database,
    @Key(value = "Where else the function may connect to; nowhere by default.", defaultValue = "[]")
        List<EgressRule> egress,
    @Key(
            value =
                "Kubernetes labels of the function's Deployment and pods, besides those that the platform sets. OpenFaaS shows them. A change rolls the pods.",
            defaultValue = "{}",
            keyPattern = Patterns.QUALIFIED_NAME,
            keyHint = Patterns.LABEL_KEY_HINT,
            pattern = Patterns.LABEL_VALUE,
            hint = Patterns.LABEL_VALUE_HINT,
            integers = true)
        Map<String, String> labels,
    @Key(
            value =
                "Kubernetes annotations of the function's Deployment and pods, besides those that the platform sets; no secrets here. OpenFaaS shows them. A change rolls the pods.",
            defaultValue = "{}",
            keyPattern = Patterns.QUALIFIED_NAME,
            keyHint = Patterns.ANNOTATION_KEY_HINT,
            integers = true)
        Map<String, String> annotations) {

  /** What the edge lets through to the function, which is everything except its readiness path. */
  public record HttpTrigger(
      @Key(
              value = "Other paths at the edge, besides /function/<name>.",
              defaultValue = "[]",
              pattern = Patterns.PATH,
              hint = Patterns.PATH_HINT,
              example = "[/quotes]",
              renamedFrom =
                  @Renamed(
                      from = "path",
                      since = "0.1",
                      until = "0.2",
                      shape = Renamed.Shape.ELEMENT))
          List<String> paths,
      @Key(
              value =
                  "The part of the function that clients reach: this path of the function and those below it, compared as they are written. The edge answers others with 404.",
              defaultValue = "/",
              pattern = Patterns.PATH,
              hint = Patterns.PATH_HINT,
              example = "/v1")
          String pathPrefix,
      @Key(
              value =
                  "HTTP methods that clients may use; GET includes HEAD. The edge answers others with 405.",
              defaultValue = "[GET, POST, PUT, PATCH, DELETE, OPTIONS]",
              pattern = Patterns.HTTP_METHOD,
              hint = Patterns.HTTP_METHOD_HINT,
              example = "[GET]")
          List<String> methods,
      @Key(
              "Pages of other origins that may call the function from a browser; none by default. The edge answers their preflights, and replaces what the function says about it.")
          Optional<CorsConfig> cors,
      @Key(
              "Who may call the function from outside; required in production, and anybody elsewhere, with a warning.")
          Optional<AuthConfig> auth) {}

  /** Messages that become calls. */
  public record QueueTrigger(
      @Key(value = "Name of the stream.", example = "orders") String stream,
      @Key(value = "Name of the stream's consumer.", example = "order-processor") String durable,
      @Key(value = "Number of worker pods.", defaultValue = "{min: 1, max: 1}") ScaleConfig scale,
      @Key(value = "Calls in flight per worker pod.", defaultValue = "16", min = 1, max = 10_000)
          int concurrency,
      @Key(
              value =
                  "Where the worker may POST a function's response to, if the request has a callback URL; empty: callbacks are refused.",
              defaultValue = "[]")
          List<CallbackRule> callbacks) {}

  /** What happens when a call is due while the previous one is still running. */
  public enum ConcurrencyPolicy {
    FORBID,
    ALLOW,
    REPLACE
  }

  /** Calls at certain times. */
  public record CronTrigger(
      @Key(
              value =
                  "When, as five fields: minute, hour, day of the month, month, day of the week (0 to 6 from Sunday, or names).",
              example = "\"30 2 * * *\"")
          String schedule,
      @Key(
              value = "Time zone of the schedule.",
              defaultValue = "Europe/Oslo",
              pattern = Patterns.TIME_ZONE,
              hint = Patterns.TIME_ZONE_HINT)
          String timezone,
      @Key(
              value = "Path of the function.",
              defaultValue = "/",
              pattern = Patterns.PATH,
              hint = Patterns.PATH_HINT)
          String path,
      @Key(value = "Body to POST; no secrets here.", defaultValue = "\"\"") String body,
      @Key(value = "Content-Type of the body.", defaultValue = "application/json")
          String contentType,
      @Key(
              value =
                  "Attempts after the first one if the function does not respond, or responds with 408, 425, 429 or 5xx.",
              defaultValue = "3",
              min = 0,
              max = 6)
          int retries,
      @Key(
              value =
                  "How late a call may start, from 10s to 24h, for example because the cluster was down; after that it is skipped.",
              defaultValue = "5m")
          Duration startingDeadline,
      @Key(
              value =
                  "forbid: a call that is due while the previous one is still running is skipped; allow: both run; replace: the previous one is cancelled.",
              defaultValue = "forbid")
          ConcurrencyPolicy concurrencyPolicy) {}

  /** One host that accepts callbacks. */
  public record CallbackRule(
      @Key(
              value = "Host of the callback URL.",
              pattern = Patterns.HOST,
              hint = Patterns.HOST_HINT,
              example = "hooks.example.no")
          String host,
      @Key(value = "Network that the host is in.", example = "203.0.113.0/24") Cidr cidr,
      @Key(value = "TCP port of the host.", defaultValue = "443", min = 1, max = 65535) int port) {}

  /** What a function may do with the rows of a database. */
  public enum Grant {
    WRITE,
    READ
  }

  /** Access to one database. */
  public record DatabaseAccess(
      @Key(value = "Name of the database.", example = "orders") String name,
      @Key(
              value =
                  "write: read and change the rows of all tables of the database's schemas; read: read them.",
              defaultValue = "write")
          Grant grant,
      @Key(
              value = "Connections that one replica opens to PgBouncer.",
              defaultValue = "10",
              min = 1,
              max = 10_000)
          int poolSize,
      @Key(
              value =
                  "Whether the function is ready only after it has reached the database for the first time. Then it takes calls as soon as it says so; otherwise no earlier than four seconds after its start, when the network lets its connections through.",
              defaultValue = "false")
          boolean awaited,
      @Key(
              value =
                  "Raise it by one for a new password. The function then logs in as another role, and the previous one stays valid for passwordOverlap.",
              defaultValue = "1",
              min = 1,
              max = 1_000_000)
          int passwordVersion,
      @Key(
              value =
                  "How long the previous password stays valid after passwordVersion is raised, from 1m to 30d: longer than a rollout, and than it takes to fix one that failed.",
              defaultValue = "1d")
          Duration passwordOverlap,
      @Key(
              value = "When the role expires, in UTC; never by default.",
              pattern = Patterns.INSTANT,
              hint = Patterns.INSTANT_HINT,
              example = "\"2027-01-31T22:59:59Z\"")
          Optional<String> validUntil,
      @Key(
              value =
                  "Settings of the function's sessions in PostgreSQL, which a client cannot send when it connects.",
              defaultValue = "{}")
          RoleSettings settings) {}

  /** One destination outside the cluster. */
  public record EgressRule(
      @Key(
              value =
                  "Host to connect to. An IPv4 address is enough; network policies do not support names, so a name needs cidr as well.",
              pattern = Patterns.HOST,
              hint = Patterns.HOST_HINT,
              example = "api.example.no")
          Optional<String> host,
      @Key(value = "Network to connect to, or that the host is in.", example = "203.0.113.0/24")
          Optional<Cidr> cidr,
      @Key(value = "TCP port to connect to.", min = 1, max = 65535, example = "443") int port) {

    /** What the network policy allows; empty for a name without a network, which a rule refuses. */
    public Optional<Cidr> network() {
      return cidr.or(
          () -> host.filter(text -> text.matches(Patterns.IPV4)).map(ip -> Cidr.parse(ip + "/32")));
    }
  }
}
