package dev.nordfaas.config;

import java.util.Map;
import java.util.Optional;

/** The asynchronous path: intake and worker are two roles of one image. */
public record QueueWorkerConfig(
    @Key(
            value = "Image of nordfaas' own queue-worker. Default: that of the same release.",
            defaultValue = Release.QUEUE_WORKER,
            pattern = Patterns.IMAGE,
            hint = Patterns.IMAGE_HINT)
        String image,
    @Key(value = "The role that accepts requests and answers 202.", defaultValue = "{}")
        IntakeConfig intake,
    @Key(
            value = "Requests and limits of each worker.",
            defaultValue = "{requests: {cpu: 250m, memory: 256Mi}, limits: {memory: 512Mi}}")
        ResourcesConfig workerResources) {

  /** Accepts requests, stores them in JetStream, answers 202 after the PubAck. */
  public record IntakeConfig(
      @Key(value = "Number of intake pods.", defaultValue = "{min: 1, max: 1}") ScaleConfig scale,
      @Key(
              value = "Requests and limits of intake.",
              defaultValue = "{requests: {cpu: 250m, memory: 256Mi}, limits: {memory: 512Mi}}")
          ResourcesConfig resources,
      @Key(
              value =
                  "Requests per second that one client may make to one pod of intake; unlimited by default.",
              min = 1,
              max = 1_000_000)
          Optional<Integer> rateLimit,
      @Key(
              value = "The routes by name.",
              defaultValue = "{}",
              keyPattern = Patterns.DNS_LABEL,
              keyHint = Patterns.DNS_LABEL_HINT)
          Map<String, RouteConfig> routes,
      @Key(
              "Who may ask for the status of a message: of their own, with a credential. Default: whoever may use one of the routes.")
          Optional<AuthConfig> statusAuth) {}

  /** One path that accepts requests for a stream. */
  public record RouteConfig(
      @Key(
              value = "Path at the edge.",
              pattern = Patterns.PATH,
              hint = Patterns.PATH_HINT,
              example = "/orders")
          String path,
      @Key(
              value = "Subject to publish to; a stream has to store it.",
              pattern = Patterns.SUBJECT,
              hint = Patterns.SUBJECT_HINT,
              example = "orders.created")
          String subject,
      @Key(value = "Maximum size of a request body.", defaultValue = "256Ki") ByteSize maxBodySize,
      @Key(
              value =
                  "JSON Schema that every body has to match: a file, relative to the project's folder; by default any JSON.",
              pattern = Patterns.FILE,
              hint = Patterns.FILE_HINT)
          Optional<String> schema,
      @Key(
              "Pages of other origins that may send requests here from a browser, and read their status; none by default.")
          Optional<CorsConfig> cors,
      @Key("Who may use the route; required in production, and anybody elsewhere, with a warning.")
          Optional<AuthConfig> auth) {}
}
