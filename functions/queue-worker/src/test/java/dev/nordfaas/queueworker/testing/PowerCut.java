package dev.nordfaas.queueworker.testing;

import dev.nordfaas.queueworker.nats.GroupPublisher;
import dev.nordfaas.queueworker.nats.NatsClient;
import dev.nordfaas.queueworker.nats.OutgoingMessage;
import dev.nordfaas.queueworker.nats.SinglePublisher;
import io.nats.client.Connection;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.StreamInfo;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Power cuts of a cluster under load. Clients publish as intake does, a worker takes a part of the
 * messages and acks them, the power is cut and comes back, and the worker takes the rest. Every
 * message with a PubAck should have reached the worker.
 */
public final class PowerCut implements AutoCloseable {
  private static final int CLIENTS = 40;
  private static final byte[] BODY = "x".repeat(500).getBytes(StandardCharsets.UTF_8);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** 30 s, and until the disk looks. */
  private static final Duration UNTIL_WRITTEN = Duration.ofSeconds(40);

  private final Setting setting;
  private final ForgetfulCluster cluster;

  /** Which servers lose their power. */
  public enum Which {
    ALL,
    /** The leader of the stream; it is back at once. */
    LEADER,
    /**
     * Jepsen's: one follower lags, the other one's power is cut, and the leader hangs, until the
     * two followers have a new leader.
     */
    FOLLOWER_WHILE_THE_OTHERS_HANG
  }

  /**
   * What is tried.
   *
   * @param servers how many
   * @param syncInterval nats-server's own setting
   * @param which servers lose their power
   * @param settled whether the streams are there for longer than a kernel leaves anything unwritten
   * @param names what makes names durable; see {@code lab/forget}
   */
  public record Setting(
      int servers, String syncInterval, Which which, boolean settled, String names) {}

  /**
   * What became of the messages.
   *
   * @param accepted how many had a PubAck
   * @param lost how long before the power cut each of the lost ones had its PubAck
   * @param back how long it took until there was a leader again and the worker was done
   * @param found whether the stream was there
   */
  public record Result(int accepted, List<Duration> lost, Duration back, boolean found) {
    /** How long ago the oldest lost message had been acknowledged. */
    public Duration oldest() {
      return lost.stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }
  }

  private PowerCut(Setting setting) {
    this.setting = setting;
    this.cluster =
        ForgetfulCluster.start(setting.servers(), setting.syncInterval(), setting.names());
  }

  /** Starts the cluster, with its streams. */
  public static PowerCut prepare(Setting setting) {
    var prepared = new PowerCut(setting);
    prepared.createStreams();
    return prepared;
  }

  private void createStreams() {
    var streams =
        eventually(
            () ->
                Streams.create(
                    cluster.server(0),
                    stream ->
                        stream
                            .put("num_replicas", setting.servers())
                            .put("allow_atomic", setting.syncInterval().equals("always")),
                    Streams.ackWait(Duration.ofSeconds(2))));
    streams.orElseThrow(() -> new IllegalStateException("no streams: " + complaints())).close();
    var leader = eventually(this::leader);
    leader.orElseThrow(() -> new IllegalStateException("no leader: " + complaints()));
    if (setting.settled()) {
      pause(UNTIL_WRITTEN);
    }
  }

  /** One power cut at an instant that the random numbers choose. */
  public Result happen(Random random) throws InterruptedException {
    var leader = setting.servers() == 1 ? 0 : cluster.index(leader());
    var followers =
        IntStream.range(0, setting.servers()).filter(index -> index != leader).boxed().toList();
    var hangs = setting.which() == Which.FOLLOWER_WHILE_THE_OTHERS_HANG;
    // The others would not answer.
    var access =
        hangs
            ? cluster.server(leader).access(NatsServer.INTAKE)
            : cluster.access(NatsServer.INTAKE);
    try (var clients = NatsClient.start(access, () -> {});
        var load = new Load(clients);
        var worker = new Worker()) {
      load.start();
      worker.start();
      TimeUnit.MILLISECONDS.sleep(1500 + random.nextInt(2000));
      var cut =
          switch (setting.which()) {
            case ALL -> {
              var all = IntStream.range(0, setting.servers()).boxed().toList();
              var instant = cut(all);
              load.stop();
              cluster.restart(all);
              yield instant;
            }
            case LEADER -> {
              var instant = cut(List.of(leader));
              cluster.restart(List.of(leader));
              TimeUnit.SECONDS.sleep(2);
              load.stop();
              yield instant;
            }
            case FOLLOWER_WHILE_THE_OTHERS_HANG -> {
              var late = cluster.server(followers.get(0));
              var other = followers.get(1);
              late.freeze();
              TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(600));
              cluster.server(leader).freeze();
              var instant = cut(List.of(other));
              load.stop();
              late.thaw();
              cluster.restart(List.of(other));
              eventually(() -> newLeader(List.of(late, cluster.server(other)), leader));
              TimeUnit.SECONDS.sleep(1);
              cluster.server(leader).thaw();
              yield instant;
            }
          };
      load.awaitAnswers();
      var found = worker.finish();
      var back = Duration.ofNanos(System.nanoTime() - cut);
      var lost = new ArrayList<Duration>();
      load.accepted.forEach(
          (id, at) -> {
            if (!worker.taken.contains(id)) {
              lost.add(Duration.ofNanos(cut - at));
            }
          });
      if (!found) {
        createStreams();
      }
      return new Result(load.accepted.size(), List.copyOf(lost), back, found);
    }
  }

  private long cut(List<Integer> indexes) {
    cluster.cut(indexes);
    return System.nanoTime();
  }

  /** What the servers complained about, for a loss to be explained. */
  public List<String> complaints() {
    return cluster.complaints();
  }

  private StreamInfo info(NatsServer... servers) throws Exception {
    var access = NatsServer.access(List.of(servers), NatsServer.ADMIN);
    Connection connection = NatsClient.connectOnce(access);
    try {
      return connection.jetStreamManagement().getStreamInfo(Streams.ORDERS);
    } finally {
      connection.close();
    }
  }

  private NatsServer[] servers() {
    return IntStream.range(0, setting.servers())
        .mapToObj(cluster::server)
        .toArray(NatsServer[]::new);
  }

  private String leader() {
    return eventually(
            () -> {
              var info = info(servers());
              var leader = setting.servers() == 1 ? "server-0" : info.getClusterInfo().getLeader();
              return Optional.ofNullable(leader).orElseThrow();
            })
        .orElseThrow(() -> new IllegalStateException("no leader: " + complaints()));
  }

  private String newLeader(List<NatsServer> servers, int old) throws Exception {
    var leader = info(servers.toArray(NatsServer[]::new)).getClusterInfo().getLeader();
    if (leader == null || cluster.index(leader) == old) {
      throw new IllegalStateException("no new leader");
    }
    return leader;
  }

  @Override
  public void close() {
    cluster.close();
  }

  private interface Attempt<T> {
    T run() throws Exception;
  }

  /** Tries until it succeeds, for a while. */
  private static <T> Optional<T> eventually(Attempt<T> attempt) {
    var end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      try {
        return Optional.of(attempt.run());
      } catch (Exception e) {
        pause(Duration.ofMillis(200));
      }
    }
    return Optional.empty();
  }

  private static void pause(Duration duration) {
    try {
      TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Clients that publish their next message after the PubAck of the one before. */
  private static final class Load implements AutoCloseable {
    final Map<String, Long> accepted = new ConcurrentHashMap<>();
    private final GroupPublisher publisher;
    private final CountDownLatch publishing = new CountDownLatch(CLIENTS);
    private volatile boolean stopped;

    Load(NatsClient clients) {
      publisher =
          new GroupPublisher(new SinglePublisher(clients::connected, Duration.ofSeconds(5)));
      clients.connection().join();
    }

    void start() {
      for (var client = 0; client < CLIENTS; client++) {
        next("client-%d-%d".formatted(client, System.nanoTime()), 0);
      }
    }

    private void next(String client, int number) {
      if (stopped) {
        publishing.countDown();
        return;
      }
      var id = client + "-" + number;
      var headers = new Headers().put("Nats-Msg-Id", id).put("Content-Type", "application/json");
      var unused =
          publisher
              .publish(new OutgoingMessage(Streams.SUBJECT, headers, BODY))
              .whenComplete(
                  (ack, failure) -> {
                    if (failure == null) {
                      accepted.put(id, System.nanoTime());
                      next(client, number + 1);
                    } else {
                      CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
                          .execute(() -> next(client, number + 1));
                    }
                  });
    }

    void stop() {
      stopped = true;
    }

    /** What was sent before the power cut may be sent again, and be accepted seconds after it. */
    void awaitAnswers() throws InterruptedException {
      if (!publishing.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("clients still wait for an answer");
      }
    }

    @Override
    public void close() {
      stop();
    }
  }

  /** Takes messages slower than they come, until it is to finish. */
  private final class Worker implements AutoCloseable {
    final Set<String> taken = ConcurrentHashMap.newKeySet();
    private final Thread thread = new Thread(this::run, "worker");
    private volatile boolean hurries;
    private volatile boolean stopped;

    void start() {
      thread.start();
    }

    /** Takes all there is. False: there is no stream, or no end. */
    boolean finish() {
      hurries = true;
      var calm = 0;
      var end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end && calm < 5) {
        calm = isDone() ? calm + 1 : 0;
        pause(Duration.ofMillis(200));
      }
      return calm == 5;
    }

    /** Nothing to take, and all servers up to date. */
    private boolean isDone() {
      try {
        Connection connection = NatsClient.connectOnce(cluster.access(NatsServer.ADMIN));
        try {
          var management = connection.jetStreamManagement();
          var consumer = management.getConsumerInfo(Streams.ORDERS, Streams.DURABLE);
          var replicas = management.getStreamInfo(Streams.ORDERS).getClusterInfo();
          return consumer.getNumPending() == 0
              && consumer.getNumAckPending() == 0
              && (setting.servers() == 1
                  || replicas.getReplicas().stream().allMatch(replica -> replica.isCurrent()));
        } finally {
          connection.close();
        }
      } catch (Exception e) {
        return false;
      }
    }

    private void run() {
      while (!stopped) {
        try {
          Connection connection = NatsClient.connectOnce(cluster.access(NatsServer.WORKER));
          try {
            take(connection);
          } finally {
            connection.close();
          }
        } catch (Exception e) {
          pause(Duration.ofMillis(200));
        }
      }
    }

    private void take(Connection connection) throws Exception {
      var options = PullSubscribeOptions.fastBind(Streams.ORDERS, Streams.DURABLE);
      var subscription = connection.jetStream().subscribe(null, options);
      while (!stopped && connection.getStatus() == Connection.Status.CONNECTED) {
        var messages =
            subscription.fetch(hurries ? 500 : 20, Duration.ofMillis(hurries ? 1000 : 200));
        for (var message : messages) {
          taken.add(message.getHeaders().getFirst("Nats-Msg-Id"));
          message.ack();
        }
        if (!hurries) {
          pause(Duration.ofMillis(50));
        }
      }
    }

    @Override
    public void close() {
      stopped = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
