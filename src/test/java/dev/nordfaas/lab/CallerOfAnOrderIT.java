package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import dev.nordfaas.engine.EngineProject;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who sent a message: what its function is told in each attempt, and who else learns of it. */
@EndToEnd
class CallerOfAnOrderIT {
  private static final String ROUTE = "/callers/echo";
  private static final int ATTEMPTS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static EngineProject project;

  /** A route to a function that says who called it. */
  @BeforeAll
  static void addTheRoute() throws IOException, AutomationException {
    project = Lab.openProject();
    set("nats.streams.orders.consumers.echo.filterSubjects[0]", "orders.echoed");
    set("nats.streams.orders.consumers.echo.maxDeliver", Integer.toString(ATTEMPTS));
    set("nats.streams.orders.consumers.echo.backoff[0]", "1s");
    set("queueWorker.intake.routes.echo.path", ROUTE);
    set("queueWorker.intake.routes.echo.subject", "orders.echoed");
    set("queueWorker.intake.routes.echo.auth.issuer", "lab");
    set("queueWorker.intake.routes.echo.auth.scopes[0]", "orders.write");
    set("functions.echo-token.queue.stream", "orders");
    set("functions.echo-token.queue.durable", "echo");
    project.up();
    Lab.awaitNewPods("intake"); // those before do not know the route
  }

  @AfterAll
  static void undo() throws IOException, AutomationException {
    project.close();
    Lab.applyOriginal();
  }

  private static void set(String key, String value) throws AutomationException {
    project.set(key, value);
  }

  private static Lab.Answer send(String client, String query, String... curl) {
    var answer =
        Lab.edge(
            ROUTE + query,
            Callers.json("{}", Callers.both(Callers.bearer(Lab.token(client)), curl)));
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    return answer;
  }

  private static String id(Lab.Answer answer) {
    return answer.json().get("id").stringValue();
  }

  private static Lab.Answer status(String id, String client) {
    return Lab.edge("/status/" + id, Callers.bearer(Lab.token(client)));
  }

  private static void assertEnds(String id, String client, String state) {
    assertThat(
            Lab.eventually(
                PATIENCE,
                () -> status(id, client).body(),
                status -> status.contains("\"" + state + "\"")))
        .contains("\"" + state + "\"");
  }

  /** The calls of a message that there are once they are so many. */
  private static List<Map<String, String>> calls(String id, int count) {
    return Lab.eventually(() -> Callers.calls(id), calls -> calls.size() >= count);
  }

  private static Map<String, String> identity(String client) {
    return Map.of(
        "issuer",
        Callers.ISSUER,
        "subject",
        Callers.SUBJECTS.get(client),
        "claims",
        "{\"consumer\":{\"ID\":\"%s\",\"authority\":\"iso6523-actorid-upis\"},\"scope\":\"orders.read orders.write\"}"
            .formatted(Callers.SUBJECTS.get(client)));
  }

  @Test
  void theFunctionIsToldWhoSentAMessage() {
    var id = id(send("other", ""));

    assertEnds(id, "other", "done");
    assertThat(calls(id, 1)).containsExactly(identity("other"));
  }

  @Test
  void everyAttemptTheDeadLetterAndItsReplayHaveTheCaller() {
    var id = id(send("orders", "?answer=503"));

    assertEnds(id, "orders", "dead");
    assertThat(calls(id, ATTEMPTS)).isEqualTo(Collections.nCopies(ATTEMPTS, identity("orders")));
    var letter = letter(id);
    assertThat(deadLetters("show", letter))
        .contains("Nordfaas-Caller-Issuer: " + Callers.ISSUER)
        .contains("Nordfaas-Caller-Subject: " + Callers.SUBJECTS.get("orders"))
        .contains("Nordfaas-Caller-Claims: " + identity("orders").get("claims"));

    deadLetters("replay", letter);
    assertThat(calls(id, 2 * ATTEMPTS))
        .isEqualTo(Collections.nCopies(2 * ATTEMPTS, identity("orders")));

    Lab.eventually(PATIENCE, () -> deadLetters("list"), list -> list.contains(id));
    assertThat(deadLetters("remove", "--id", id, "--yes")).contains("removed 1 of ");
  }

  private static String letter(String id) {
    return Lab.eventually(() -> deadLetters("list"), list -> list.contains(id))
        .lines()
        .filter(line -> line.contains(id))
        .findFirst()
        .orElseThrow()
        .strip()
        .split("\\s+")[0];
  }

  private static String deadLetters(String... arguments) {
    return Lab.run(Callers.both(new String[] {"tools/dead-letters", "lab"}, arguments)).ok();
  }

  @Test
  void theStatusOfAnotherCallerIsThatOfAnUnknownMessage() {
    var id = id(send("orders", ""));
    var unknown = UUID.randomUUID().toString();

    assertEnds(id, "orders", "done");
    var refused = status(id, "other");
    var missing = status(unknown, "other");
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.body().replace(id, "ID")).isEqualTo(missing.body().replace(unknown, "ID"));
    assertThat(refused.headers().keySet()).isEqualTo(missing.headers().keySet());
    assertThat(status(id, "orders").status()).isEqualTo(200);
    assertThat(Lab.edge("/status/" + id).body().replace(id, "ID"))
        .as("without a token")
        .isEqualTo(missing.body().replace(unknown, "ID"));
  }

  /** One route of the stack is public, so nobody needs a token here; one that is sent counts. */
  @Test
  void theStatusOfAMessageWithoutACallerIsForEverybody() {
    var id = id(Lab.postOrder("public-" + UUID.randomUUID()));

    assertEnds(id, "orders", "done");
    assertThat(status(id, "other").status()).isEqualTo(200);
    assertThat(Lab.edge("/status/" + id).status()).as("without a token").isEqualTo(200);
    assertThat(Lab.edge("/status/" + id, Callers.bearer("not.a.token")).status()).isEqualTo(401);
    assertThat(status(id, "reader").status()).as("a token without the scope").isEqualTo(403);
  }

  @Test
  void theSameKeyOfTwoCallersIsTwoMessages() {
    var key = Callers.header("Idempotency-Key: " + UUID.randomUUID());

    var first = send("orders", "", key);
    var second = send("other", "", key);
    var again = send("orders", "", key);

    assertThat(id(second)).isNotEqualTo(id(first));
    assertThat(second.json().path("duplicate").booleanValue(false)).isFalse();
    assertThat(id(again)).isEqualTo(id(first));
    assertThat(again.json().path("duplicate").booleanValue(false)).isTrue();
    assertThat(calls(id(first), 1)).containsExactly(identity("orders"));
    assertThat(calls(id(second), 1)).containsExactly(identity("other"));
  }

  @Test
  void theSameKeyOfTwoCallersStandsForAnotherRequestOfEach() {
    var key = Callers.header("Idempotency-Key: " + UUID.randomUUID());
    send("orders", "", key);

    assertThat(id(send("other", "?answer=200", key))).isNotEmpty();
    assertThat(
            Lab.edge(
                    ROUTE + "?answer=200",
                    Callers.json("{}", Callers.both(Callers.bearer(Lab.token("orders")), key)))
                .status())
        .as("another request of the first one")
        .isEqualTo(422);
  }
}
