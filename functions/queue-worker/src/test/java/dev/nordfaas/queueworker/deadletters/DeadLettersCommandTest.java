package dev.nordfaas.queueworker.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nordfaas.queueworker.testing.FunctionStub;
import dev.nordfaas.queueworker.testing.FunctionStub.Call;
import dev.nordfaas.queueworker.testing.FunctionStub.Reply;
import dev.nordfaas.queueworker.testing.LateDoor;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Role;
import dev.nordfaas.queueworker.testing.Streams;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeadLettersCommandTest {
  private static final String ORDER = "{\"n\":0}";

  @RegisterExtension private static final NatsServer server = NatsServer.start();
  private Streams streams;
  private FunctionStub function;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void start() {
    streams = Streams.create(server);
    function = FunctionStub.start().answers(call -> Reply.of(422));
    bury("first", "second");
  }

  @AfterEach
  void stop() {
    function.close();
    streams.close();
  }

  @Test
  void listsThemTheOldestFirst() {
    assertThat(run("list")).isZero();

    assertThat(out.toString().lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("SEQUENCE").endsWith("REASON"),
            line ->
                assertThat(line)
                    .contains("order-processor", "first", "422", "the function answered 422"),
            line -> assertThat(line).contains("second"),
            line -> assertThat(line).isEqualTo("2 of 2 in orders-dlq"));
  }

  @Test
  void listsNoMoreThanTheLimit() {
    assertThat(run("list", "--limit", "1")).isZero();

    assertThat(out.toString()).contains("first").doesNotContain("second").contains("1 of 2");
  }

  @Test
  void showsHeadersAndBody() {
    assertThat(run("show", "1")).isZero();

    assertThat(out.toString())
        .contains("Nordfaas-Subject: orders.created\n", "X-Call-Id: first\n", "\n\n{\"n\":1}\n");
  }

  @Test
  void replaysOneAfterTheMend() {
    function.answers(call -> Reply.of(200));

    assertThat(run("replay", "1")).isZero();

    assertThat(out.toString())
        .isEqualTo("replayed 1 (id first) as 3 of orders to consumer order-processor\n");
    assertThat(streams.deadLetters()).hasSize(1);
    process();
    assertThat(function.calls())
        .last()
        .extracting(Call::id, Call::attempt)
        .containsExactly("first", 1);
    assertThat(function.calls()).last().extracting(Call::body).isEqualTo("{\"n\":1}");
    assertThat(streams.deadLetters()).hasSize(1);
  }

  @Test
  void onlySaysWhatItWouldReplayWithoutYes() {
    assertThat(run("replay", "--all")).isZero();

    assertThat(out.toString())
        .isEqualTo("would replay 2 from orders-dlq, the oldest first; add --yes to do it\n");
    assertThat(streams.deadLetters()).hasSize(2);
    assertThat(streams.count(Streams.ORDERS)).isZero();
  }

  @Test
  void replaysAllWithYes() {
    function.answers(call -> Reply.of(200));

    assertThat(run("replay", "--all", "--yes")).isZero();

    assertThat(streams.deadLetters()).isEmpty();
    process();
    assertThat(function.calls()).hasSize(4);
  }

  @Test
  void keepsTheIdOfWhatDiesAgain() {
    assertThat(run("replay", "1")).isZero();
    process();

    assertThat(streams.deadLetters())
        .extracting(headers -> headers.getFirst("X-Call-Id"))
        .containsExactly("second", "first");
  }

  @Test
  void replaysAgainWhatDiesAgain() {
    for (var sequence : List.of("1", "3", "4")) {
      assertThat(run("replay", sequence)).isZero();
      process();
    }

    assertThat(function.calls())
        .extracting(Call::id)
        .containsExactly("first", "second", "first", "first", "first");
    assertThat(streams.deadLetters())
        .extracting(headers -> headers.getFirst("X-Call-Id"))
        .containsExactly("second", "first");
  }

  @Test
  void removesOneAndOverwritesItOnDisk() {
    assertThat(server.hasOnDisk(Streams.DEAD_LETTERS, "{\"n\":1}")).isTrue();

    assertThat(run("remove", "1", "--yes")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            removed 1 (id first)
            removed 1 of 1 from orders-dlq
            1 left in orders-dlq
            """);
    assertThat(streams.deadLetters())
        .extracting(headers -> headers.getFirst("X-Call-Id"))
        .containsExactly("second");
    assertThat(server.hasOnDisk(Streams.DEAD_LETTERS, "{\"n\":1}")).isFalse();
    assertThat(server.hasOnDisk(Streams.DEAD_LETTERS, "{\"n\":2}")).isTrue();
  }

  @Test
  void overwritesOnDiskWhatWasReplayed() {
    assertThat(run("replay", "1")).isZero();

    assertThat(server.hasOnDisk(Streams.DEAD_LETTERS, "{\"n\":1}")).isFalse();
  }

  @Test
  void onlySaysWhatItWouldRemoveWithoutYes() {
    for (var arguments :
        List.of(
            List.of("remove", "2"),
            List.of("remove", "--id", "second"),
            List.of("remove", "--older-than", "0s"))) {
      assertThat(run(arguments.toArray(String[]::new))).isZero();
    }

    assertThat(out.toString().lines().filter(line -> line.startsWith("would")))
        .containsExactly(
            "would remove 1 of 2 from orders-dlq, for good; add --yes to do it",
            "would remove 1 of 2 from orders-dlq, for good; add --yes to do it",
            "would remove 2 of 2 from orders-dlq, for good; add --yes to do it");
    assertThat(out.toString()).contains("the function answered 422");
    assertThat(streams.deadLetters()).hasSize(2);
  }

  @Test
  void removesAllOfAnId() {
    streams.publish("again", ORDER, "X-Call-Id", "first");
    process();

    assertThat(run("remove", "--id", "first", "--yes")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            removed 1 (id first)
            removed 3 (id first)
            removed 2 of 2 from orders-dlq
            1 left in orders-dlq
            """);
  }

  @Test
  void removesWhatIsOlder() throws InterruptedException {
    Thread.sleep(5100);
    bury("third");

    assertThat(run("remove", "--older-than", "5s", "--yes")).isZero();

    assertThat(out.toString()).endsWith("removed 2 of 2 from orders-dlq\n1 left in orders-dlq\n");
    assertThat(streams.deadLetters())
        .extracting(headers -> headers.getFirst("X-Call-Id"))
        .containsExactly("third");
  }

  @Test
  void removesNothingWhereNothingIsOlder() {
    assertThat(run("remove", "--older-than", "30d", "--yes")).isZero();

    assertThat(out.toString()).isEqualTo("removed 0 of 0 from orders-dlq\n2 left in orders-dlq\n");
  }

  @Test
  void removesNoneWhereOneIsNotThere() {
    assertThat(run("remove", "1", "99", "--yes")).isEqualTo(1);
    assertThat(run("remove", "--id", "first", "--id", "third", "--yes")).isEqualTo(1);

    assertThat(err.toString().lines())
        .containsExactly(
            "orders-dlq has no dead letter 99; see: dead-letters list",
            "orders-dlq has no dead letter with id third; see: dead-letters list");
    assertThat(streams.deadLetters()).hasSize(2);
  }

  @Test
  void wantsOneWayToNameWhatToRemove() {
    assertThat(run("remove", "--yes")).isEqualTo(2);
    assertThat(run("remove", "1", "--id", "first")).isEqualTo(2);
    assertThat(run("remove", "--older-than", "90")).isEqualTo(2);

    assertThat(err.toString())
        .contains(
            "name either sequences, --id or --older-than",
            "'90' is not a duration; write a number and its unit, such as 250ms, 30s or 5m");
  }

  @Test
  void saysThatThereIsNoSuchDeadLetter() {
    assertThat(run("show", "99")).isEqualTo(1);
    assertThat(run("replay", "1", "99")).isEqualTo(1);

    assertThat(err.toString()).contains("orders-dlq has no dead letter 99; see: dead-letters list");
    // None is replayed when one of them is not there.
    assertThat(streams.deadLetters()).hasSize(2);
  }

  @Test
  void wantsSequencesOrAll() {
    assertThat(run("replay")).isEqualTo(2);
    assertThat(run("replay", "1", "--all")).isEqualTo(2);

    assertThat(err.toString()).contains("name sequences, or --all");
  }

  @Test
  void namesTheStreamsWhenItCannotChoose() {
    assertThat(run("list", "--stream", "payments-dlq")).isEqualTo(1);

    assertThat(err.toString())
        .isEqualTo("name one of the dead-letter streams with --stream: orders-dlq\n");
  }

  @Test
  void tellsWhatTheEnvironmentLacks() {
    assertThat(DeadLettersCommand.run(Map.of(), writer(out), writer(err), "list")).isEqualTo(2);

    assertThat(err.toString()).contains("NATS_URL is missing", "NATS_PASSWORD is missing");
  }

  @Test
  void saysWhyItWaitsWhereANewPodIsRefusedAtFirst() throws IOException {
    var port = URI.create(server.url()).getPort();
    try (var door = LateDoor.to(port, Duration.ofMillis(1800))) {
      assertThat(runAt("nats://127.0.0.1:" + door.port(), "list")).isZero();
    }

    assertThat(out.toString()).contains("2 of 2 in orders-dlq");
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("waiting for NATS, at most 15 s: ")
        .endsWith("; a new pod is refused for up to two seconds");
  }

  @Test
  void helps() {
    assertThat(run("--help")).isZero();

    assertThat(out.toString())
        .contains("dead-letters", "list", "show", "replay", "remove", "NATS_USER");
  }

  private void bury(String... ids) {
    try (var worker = Role.worker(Role.settings(server, function.url()))) {
      for (var id : ids) {
        var buried = streams.count(Streams.DEAD_LETTERS) + 1;
        streams.publish(id, "{\"n\":%d}".formatted(buried));
        await().until(() -> streams.count(Streams.DEAD_LETTERS) == buried);
      }
      worker.ready();
    }
  }

  private void process() {
    try (var worker = Role.worker(Role.settings(server, function.url()))) {
      await().until(() -> streams.count(Streams.ORDERS) == 0);
      worker.ready();
    }
  }

  private int run(String... arguments) {
    return runAt(server.url(), arguments);
  }

  private int runAt(String url, String... arguments) {
    var access = server.access(NatsServer.DEAD_LETTERS);
    var environment = new HashMap<String, String>();
    environment.put("NATS_URL", url);
    environment.put("NATS_USER", access.user());
    environment.put("NATS_PASSWORD", access.password());
    return DeadLettersCommand.run(environment, writer(out), writer(err), arguments);
  }

  private static PrintWriter writer(StringWriter text) {
    return new PrintWriter(text, true);
  }
}
