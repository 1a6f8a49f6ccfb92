package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the asynchronous path promises, with bursts and with what it is made of killed. */
@EndToEnd
class AsyncIT {
  private static final int BURST = 500;

  /** curl runs 300 requests at once, at the most. */
  private static final int CLIENTS_OF_A_CURL = 250;

  @TempDir Path folder;
  private final String test = "async-" + UUID.randomUUID().toString().substring(0, 8);

  @Test
  void aBurstOf500IsAcceptedWhole() throws IOException {
    var accepted = accepted(burst());

    assertThat(accepted).hasSize(BURST);
    assertThat(Lab.eventually(this::rows, accepted::equals)).isEqualTo(accepted);
  }

  /** Those without a 202 may have become rows all the same: only nobody was told. */
  @ParameterizedTest
  @Tag("lab-faults")
  @CsvSource({
    "nats, app.kubernetes.io/name=nats",
    "openfaas-fn, app.kubernetes.io/name=order-processor-worker",
    "openfaas-fn, app.kubernetes.io/name=intake",
    "postgres, app.kubernetes.io/name=pgbouncer",
    "postgres, app.kubernetes.io/name=postgres"
  })
  void everyAcceptedOrderIsOneRowAlthoughPodsAreKilled(String namespace, String selector)
      throws IOException {
    var burst = burst();
    Lab.kubectl(
        "--namespace=" + namespace,
        "delete",
        "pods",
        "--selector=" + selector,
        "--grace-period=0",
        "--force",
        "--wait=false");
    var accepted = accepted(burst);

    assertThat(accepted).isNotEmpty();
    // What a killed worker had is given out again after ackWait, a minute.
    var rows = Lab.eventually(() -> Lab.eventually(this::rows, all(accepted)), all(accepted));
    assertThat(rows).containsAll(accepted);
    assertThat(Lab.sql("select count(*) - count(distinct order_id) from orders"))
        .containsExactly("0");
  }

  @Test
  void anOrderThatIsSentTwiceWithItsKeyIsOneRow() {
    var first = Lab.postOrder(test, "--header", "Idempotency-Key: " + test);
    var second = Lab.postOrder(test, "--header", "Idempotency-Key: " + test);

    assertThat(List.of(first.status(), second.status())).containsOnly(202);
    assertThat(second.json().get("sequence")).isEqualTo(first.json().get("sequence"));
    assertThat(Lab.eventually(this::rows, rows -> !rows.isEmpty())).containsExactly(test);
  }

  @Test
  void anOrderThatCannotBeWrittenIsADeadLetterThatCanBeReplayed() {
    var stored = Lab.postOrder(test);
    assertThat(Lab.eventually(this::rows, rows -> !rows.isEmpty())).containsExactly(test);
    var id = Lab.post(Lab.order(test, "Ola Nordmann")).json().get("id").stringValue();

    assertThat(state(id, "dead")).contains("\"dead\"");
    var letters = deadLetters("list");
    assertThat(letters).contains(id).contains("409");

    Lab.sql(
        "delete from orders where message_id = '" + stored.json().get("id").stringValue() + "'");
    var letter =
        letters.lines().filter(line -> line.contains(id)).findFirst().orElseThrow().strip();
    deadLetters("replay", letter.split("\\s+")[0]);

    assertThat(state(id, "done")).contains("\"done\"");
    assertThat(rows()).containsExactly(test);
    assertThat(deadLetters("list")).doesNotContain(id);
  }

  @Test
  void aDeadLetterCanBeRemoved() {
    Lab.postOrder(test);
    assertThat(Lab.eventually(this::rows, rows -> !rows.isEmpty())).containsExactly(test);
    var id = Lab.post(Lab.order(test, "Ola Nordmann")).json().get("id").stringValue();
    assertThat(state(id, "dead")).contains("\"dead\"");

    assertThat(deadLetters("remove", "--id", id)).contains(id).contains("would remove 1 of ");
    assertThat(deadLetters("remove", "--id", id, "--yes")).contains("removed 1 of 1 from ");

    assertThat(deadLetters("list")).doesNotContain(id);
  }

  private static String state(String id, String wanted) {
    return Lab.eventually(
        () -> Lab.status(id).body(), status -> status.contains("\"" + wanted + "\""));
  }

  private static String deadLetters(String... arguments) {
    return Lab.run(
            Stream.concat(Stream.of("tools/dead-letters", "lab"), Stream.of(arguments))
                .toArray(String[]::new))
        .ok();
  }

  private static Predicate<TreeSet<String>> all(TreeSet<String> accepted) {
    return rows -> rows.containsAll(accepted);
  }

  /** As many clients at once, each with an order of its own; at an intake that is there. */
  private List<Process> burst() throws IOException {
    Lab.awaitNewPods("intake");
    var clients = new ArrayList<Process>();
    for (var from = 0; from < BURST; from += CLIENTS_OF_A_CURL) {
      clients.add(curl(from));
    }
    return clients;
  }

  /** Prints the status and the id of each order. */
  private Process curl(int from) throws IOException {
    var requests =
        IntStream.range(from, from + CLIENTS_OF_A_CURL)
            .mapToObj(number -> request(test + "-" + number))
            .collect(Collectors.joining("next\n"));
    var file = Files.writeString(folder.resolve("burst-" + from), requests);
    return new ProcessBuilder(
            "curl",
            "--silent",
            "--parallel",
            "--parallel-immediate",
            "--parallel-max",
            Integer.toString(CLIENTS_OF_A_CURL),
            "--config",
            file.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static String request(String id) {
    return Lab.curlConfig()
        + """
        url = "https://%s/orders"
        header = "Content-Type: application/json"
        data = "%s"
        output = "/dev/null"
        write-out = "%%{http_code} %s\\n"
        """
            .formatted(
                Lab.DOMAIN,
                Lab.order(id, "Kari Nordmann").replace("\n", " ").replace("\"", "\\\""),
                id);
  }

  private static TreeSet<String> accepted(List<Process> clients) throws IOException {
    var accepted = new TreeSet<String>();
    for (var client : clients) {
      new String(client.getInputStream().readAllBytes())
          .lines()
          .filter(line -> line.startsWith("202 "))
          .forEach(line -> accepted.add(line.substring("202 ".length())));
    }
    return accepted;
  }

  private TreeSet<String> rows() {
    return Lab.orders(test);
  }
}
