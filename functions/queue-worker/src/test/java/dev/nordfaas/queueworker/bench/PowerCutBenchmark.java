package dev.nordfaas.queueworker.bench;

import dev.nordfaas.queueworker.testing.PowerCut;
import dev.nordfaas.queueworker.testing.PowerCut.Result;
import dev.nordfaas.queueworker.testing.PowerCut.Setting;
import dev.nordfaas.queueworker.testing.PowerCut.Which;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** How many acknowledged messages power cuts lose, and how old they were. */
public final class PowerCutBenchmark {
  private record Row(int servers, String syncInterval, Which which, boolean settled) {
    Setting setting(String names) {
      return new Setting(servers, syncInterval, which, settled, names);
    }
  }

  /** The last two show that the method finds a loss: nats-server's own default. */
  private static final List<Row> ROWS =
      List.of(
          new Row(1, "always", Which.ALL, true),
          new Row(3, "always", Which.ALL, true),
          new Row(3, "always", Which.LEADER, true),
          new Row(3, "always", Which.FOLLOWER_WHILE_THE_OTHERS_HANG, true),
          new Row(1, "1s", Which.ALL, true),
          new Row(3, "1s", Which.ALL, true),
          new Row(3, "1s", Which.LEADER, true),
          new Row(3, "1s", Which.FOLLOWER_WHILE_THE_OTHERS_HANG, true),
          new Row(1, "always", Which.ALL, false),
          new Row(3, "always", Which.ALL, false),
          new Row(1, "1s", Which.ALL, false),
          new Row(3, "1s", Which.ALL, false),
          new Row(1, "2m", Which.ALL, true),
          new Row(3, "2m", Which.ALL, true));

  private PowerCutBenchmark() {}

  /** Runs it; the arguments are the number of cuts, a seed, and what makes names durable. */
  public static void main(String[] arguments) throws InterruptedException {
    var cuts = Integer.parseInt(arguments[0]);
    var seed = Long.parseLong(arguments[1]);
    var names = arguments[2];
    var out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream())); // what the clients log
    out.printf("%d power cuts each, seed %d, names %s%n%n", cuts, seed, names);
    out.printf(
        "| servers | power cut of | sync_interval | streams | accepted | lost | cuts with a loss"
            + " | oldest lost | back after |%n|---:|---|---|---|---:|---:|---:|---:|---:|%n");
    for (var row : ROWS) {
      var only = System.getProperty("row");
      if (only != null && !row.toString().contains(only)) {
        continue;
      }
      var results = new ArrayList<Result>();
      try (var prepared = PowerCut.prepare(row.setting(names))) {
        var random = new Random(seed);
        for (var cut = 0; cut < cuts; cut++) {
          var result = prepared.happen(random);
          results.add(result);
          System.err.printf(
              "%s, cut %d: %d accepted, %d lost, the oldest %s s before, back after %s s%s%n",
              row,
              cut,
              result.accepted(),
              result.lost().size(),
              seconds(result.oldest()),
              seconds(result.back()),
              result.found() ? "" : ", and the stream is not there, or not all of it");
          if (!result.found()
              || (row.syncInterval().equals("always") && !result.lost().isEmpty())) {
            prepared.complaints().stream().distinct().limit(40).forEach(System.err::println);
          }
        }
      }
      print(out, row, results);
    }
    System.exit(0); // jnats' threads
  }

  private static void print(PrintStream out, Row row, List<Result> results) {
    var lost = results.stream().mapToInt(result -> result.lost().size()).sum();
    var gone = results.stream().filter(result -> !result.found()).count();
    out.printf(
        "| %d | %s | %s | %s | %d | %d | %d of %d%s | %s | %.1f s |%n",
        row.servers(),
        row.which(),
        row.syncInterval(),
        row.settled() ? "settled" : "new",
        results.stream().mapToInt(Result::accepted).sum(),
        lost,
        results.stream().filter(result -> !result.lost().isEmpty()).count(),
        results.size(),
        gone == 0 ? "" : ", stream gone in " + gone,
        lost == 0 ? "" : seconds(max(results.stream().map(Result::oldest).toList())) + " s",
        max(results.stream().map(Result::back).toList()).toMillis() / 1e3);
  }

  private static String seconds(Duration duration) {
    return "%.2f".formatted(duration.toMillis() / 1e3);
  }

  private static Duration max(List<Duration> durations) {
    return durations.stream().max(Duration::compareTo).orElse(Duration.ZERO);
  }
}
