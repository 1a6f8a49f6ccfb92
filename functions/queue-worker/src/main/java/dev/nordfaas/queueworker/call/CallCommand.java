package dev.nordfaas.queueworker.call;

import dev.nordfaas.queueworker.config.CallSettings;
import dev.nordfaas.queueworker.config.InvalidEnvironmentException;
import dev.nordfaas.queueworker.connect.FirstConnection;
import dev.nordfaas.queueworker.log.Log;
import dev.nordfaas.queueworker.nats.MessageHeaders;
import dev.nordfaas.queueworker.worker.Retries;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/**
 * Calls a function once; if the connection is refused, as a new pod's is at first, it retries for a
 * while. Its exit code tells the Job whether another attempt may have a different outcome, by the
 * same rules as the worker's.
 */
public final class CallCommand {
  /** The function succeeded. */
  static final int DONE = 0;

  /** A temporary failure: the Job retries. */
  static final int AGAIN = 1;

  /** A variable is missing or wrong. */
  static final int USAGE = 2;

  /** A permanent failure: the Job fails at once. */
  static final int REFUSED = 3;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private CallCommand() {}

  /** Makes the call and returns the exit code. */
  public static int run(Map<String, String> environment) {
    CallSettings settings;
    try {
      settings = CallSettings.read(environment);
    } catch (InvalidEnvironmentException e) {
      Log.error(String.valueOf(e.getMessage()), Map.of());
      return USAGE;
    }
    try {
      return verdict(settings, status(settings));
    } catch (IOException e) {
      Log.warn("no answer", Map.of("id", settings.callId(), "cause", e.toString()));
      return AGAIN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return AGAIN;
    }
  }

  private static int verdict(CallSettings settings, int status) {
    var fields = Map.of("id", settings.callId(), "status", status);
    if (status >= 200 && status < 300) {
      Log.info("called", fields);
      return DONE;
    }
    Log.warn("the function failed", fields);
    return Retries.mayHelp(status) ? AGAIN : REFUSED;
  }

  private static int status(CallSettings settings) throws IOException, InterruptedException {
    var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    var request =
        HttpRequest.newBuilder(settings.functionUrl())
            .timeout(settings.callTimeout())
            .header(MessageHeaders.CONTENT_TYPE, settings.contentType())
            .header(MessageHeaders.CALL_ID, settings.callId())
            .POST(BodyPublishers.ofString(settings.body()))
            .build();
    var patience = FirstConnection.PATIENCE;
    return FirstConnection.make(
            patience.compareTo(settings.callTimeout()) < 0 ? patience : settings.callTimeout(),
            // Then nobody received the call.
            failure -> failure instanceof ConnectException,
            reason ->
                Log.warn(
                    "waiting for whom it calls: a new pod's connections are refused for up to two seconds",
                    Map.of("id", settings.callId(), "cause", reason)),
            () -> client.send(request, BodyHandlers.discarding()))
        .statusCode();
  }
}
