package dev.nordfaas.queueworker.nats;

import dev.nordfaas.queueworker.config.NatsAccess;
import dev.nordfaas.queueworker.log.Log;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * One connection that is retried until it is established, and re-established when it is lost.
 *
 * <p>While it is lost nothing is buffered: a request is refused, a message is redelivered.
 */
public final class NatsClient implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration RECONNECT_WAIT = Duration.ofMillis(250);
  private static final Duration PING_INTERVAL = Duration.ofSeconds(5);

  /** How often requests without an answer are looked for. */
  private static final Duration CLEANUP_INTERVAL = Duration.ofMillis(500);

  private final CompletableFuture<Connection> connection = new CompletableFuture<>();
  private final Options options;
  private final Runnable onRefused;
  private volatile boolean closed;

  private NatsClient(NatsAccess access, Runnable onRefused) {
    this.onRefused = onRefused;
    this.options = options(access).connectionListener(new Listener()).build();
  }

  /**
   * Starts to connect, and returns at once.
   *
   * @param onRefused called when the server refuses the user for good
   */
  public static NatsClient start(NatsAccess access, Runnable onRefused) {
    var client = new NatsClient(access, onRefused);
    var thread = new Thread(client::connect, "nats-connect");
    thread.setDaemon(true);
    thread.start();
    return client;
  }

  /** A connection that is not re-established, and logs nothing: for a command. */
  public static Connection connectOnce(NatsAccess access) throws IOException, InterruptedException {
    return Nats.connect(
        options(access).maxReconnects(0).errorListener(new ErrorListener() {}).build());
  }

  private static Options.Builder options(NatsAccess access) {
    var options =
        new Options.Builder()
            .servers(access.urls().toArray(String[]::new))
            .userInfo(access.user(), access.password())
            .inboxPrefix("_INBOX_" + access.user())
            .connectionName("queue-worker " + access.user())
            .connectionTimeout(CONNECT_TIMEOUT)
            .maxReconnects(-1)
            .reconnectWait(RECONNECT_WAIT)
            .reconnectBufferSize(0)
            // An address would not distinguish the host from another one with a certificate.
            .hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs)
            .pingInterval(PING_INTERVAL)
            .requestCleanupInterval(CLEANUP_INTERVAL)
            .reportNoResponders()
            .useTimeoutException()
            .dontForceFlushOnRequest()
            .errorListener(new Errors());
    access.ca().ifPresent(ca -> options.sslContext(ServerTrust.of(ca)));
    return options;
  }

  /** The first connection, as soon as there is one. It reconnects by itself. */
  public CompletableFuture<Connection> connection() {
    return connection;
  }

  /** The connection, if it is up right now. */
  public Optional<Connection> connected() {
    return Optional.ofNullable(connection.getNow(null))
        .filter(made -> made.getStatus() == Connection.Status.CONNECTED);
  }

  /** Sends what was published, and closes. */
  @Override
  public void close() {
    closed = true;
    connected().ifPresent(NatsClient::flush);
    try {
      if (connection.isDone()) {
        connection.join().close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void flush(Connection connection) {
    try {
      connection.flush(CONNECT_TIMEOUT);
    } catch (TimeoutException e) {
      Log.warn("the last messages may not have been sent", Map.of("cause", e.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void connect() {
    var failures = 0;
    while (!closed) {
      try {
        connection.complete(Nats.connect(options));
        return;
      } catch (IOException e) {
        // The first one, and then one every ten seconds or so.
        if (failures++ % 40 == 0) {
          Log.warn("NATS cannot be reached yet", Map.of("cause", String.valueOf(e.getMessage())));
        }
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RECONNECT_WAIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Listener implements ConnectionListener {
    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // Required by the interface.
    public void connectionEvent(Connection source, Events type) {
      switch (type) {
        case CONNECTED, RECONNECTED -> Log.info("connected to NATS", Map.of());
        case DISCONNECTED -> Log.warn("NATS is down", Map.of());
        case LAME_DUCK -> Log.info("the NATS server is about to stop", Map.of());
        case CLOSED -> {
          // Before the first connection the thread above keeps trying; later only the server's
          // refusal of the user ends the attempts.
          if (!closed && connection.isDone()) {
            Log.error("NATS refuses the user", Map.of());
            onRefused.run();
          }
        }
        default -> {}
      }
    }
  }

  private static final class Errors implements ErrorListener {
    @Override
    public void errorOccurred(Connection source, String error) {
      Log.warn("NATS reports an error", Map.of("cause", error));
    }

    @Override
    public void exceptionOccurred(Connection source, Exception exception) {
      Log.warn("the connection to NATS failed", Map.of("cause", exception.toString()));
    }
  }
}
