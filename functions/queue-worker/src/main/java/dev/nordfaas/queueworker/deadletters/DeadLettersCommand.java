package dev.nordfaas.queueworker.deadletters;

import dev.nordfaas.queueworker.config.InvalidEnvironmentException;
import dev.nordfaas.queueworker.config.NatsAccess;
import dev.nordfaas.queueworker.connect.FirstConnection;
import dev.nordfaas.queueworker.nats.MessageHeaders;
import dev.nordfaas.queueworker.nats.NatsClient;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dead-letters}: lets an operator handle messages that could not be processed. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "list|show|replay",
    description = {
      "Lists, shows and replays the messages that could not be processed.",
      "",
      "Logs in as the admin: set NATS_URL, NATS_USER, NATS_PASSWORD, and NATS_CA if TLS is on."
    },
    footer = {
      "",
      "A replayed message goes back to the subject that it came from, with the id of its request,",
      "and is removed from the dead letters once it is stored there."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:NATS refused, or there is no such dead letter", "2:wrong usage"})
public final class DeadLettersCommand {
  private static final String LINE = "%8s  %-20s  %-36s  %10s  %6s  %s%n";

  private final Map<String, String> environment;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "The dead-letter stream, such as orders-dlq; not needed if there is only one.",
      scope = CommandLine.ScopeType.INHERIT)
  private Optional<String> stream = Optional.empty();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it.
  private CommandSpec spec;

  private DeadLettersCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Runs the command and returns its exit code. */
  public static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
    var command = new CommandLine(new DeadLettersCommand(environment)).setOut(out).setErr(err);
    command.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          err.println(failure.getMessage());
          return failure instanceof InvalidEnvironmentException
              ? CommandLine.ExitCode.USAGE
              : CommandLine.ExitCode.SOFTWARE;
        });
    return command.execute(arguments);
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the dead letters, the oldest first.")
  int list(
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "100",
              description = "List at most that many (default: ${DEFAULT-VALUE}).")
          int limit)
      throws IOException, JetStreamApiException, InterruptedException {
    return with(
        letters -> {
          out().printf(LINE, "SEQUENCE", "TIME", "ID", "DELIVERIES", "STATUS", "REASON");
          var sequence = 1L;
          var listed = 0;
          for (var next = letters.from(sequence);
              next.isPresent() && listed < limit;
              next = letters.from(sequence)) {
            print(next.get());
            sequence = next.get().sequence() + 1;
            listed++;
          }
          out().printf("%d of %d in %s%n", listed, letters.count(), letters.name());
          return CommandLine.ExitCode.OK;
        });
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows the headers and the body of a dead letter.")
  int show(
      @Parameters(paramLabel = "SEQUENCE", description = "Sequence in the stream.") long sequence)
      throws IOException, JetStreamApiException, InterruptedException {
    return with(
        letters -> {
          var letter = letters.at(sequence);
          if (letter.isEmpty()) {
            return none(letters, sequence);
          }
          var headers = letter.get().headers();
          headers.keySet().stream()
              .sorted()
              .forEach(
                  name ->
                      headers.get(name).forEach(value -> out().printf("%s: %s%n", name, value)));
          out().printf("%n%s%n", letter.get().text());
          return CommandLine.ExitCode.OK;
        });
  }

  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      description = {
        "Replays some or all dead letters.",
        "With --all it only shows what it would do, unless --yes is added."
      })
  int replay(
      @Parameters(paramLabel = "SEQUENCE", arity = "0..*", description = "Sequence in the stream.")
          List<Long> sequences,
      @Option(names = "--all", description = "All current dead letters.") boolean all,
      @Option(names = "--yes", description = "With --all: do it.") boolean yes)
      throws IOException, JetStreamApiException, InterruptedException {
    var named = sequences == null ? List.<Long>of() : sequences;
    if (all != named.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.subcommands().get("replay"), "name sequences, or --all");
    }
    return with(letters -> all ? replayAll(letters, yes) : replay(letters, named));
  }

  private int replay(DeadLetterStream letters, List<Long> sequences)
      throws IOException, JetStreamApiException {
    var found = new ArrayList<DeadLetter>();
    for (var sequence : sequences) {
      var letter = letters.at(sequence);
      if (letter.isEmpty()) {
        return none(letters, sequence);
      }
      found.add(letter.get());
    }
    for (var letter : found) {
      replay(letters, letter);
    }
    return CommandLine.ExitCode.OK;
  }

  private int replayAll(DeadLetterStream letters, boolean yes)
      throws IOException, JetStreamApiException {
    var count = letters.count();
    if (!yes) {
      out()
          .printf(
              "would replay %d from %s, the oldest first; add --yes to do it%n",
              count, letters.name());
      return CommandLine.ExitCode.OK;
    }
    var sequence = 1L;
    // Messages that die again meanwhile come after these, and are not replayed over and over.
    for (var replayed = 0L; replayed < count; replayed++) {
      var letter = letters.from(sequence);
      if (letter.isEmpty()) {
        break;
      }
      replay(letters, letter.get());
      sequence = letter.get().sequence() + 1;
    }
    return CommandLine.ExitCode.OK;
  }

  private void replay(DeadLetterStream letters, DeadLetter letter)
      throws IOException, JetStreamApiException {
    var ack = letters.replay(letter);
    out()
        .printf(
            "replayed %d (id %s) as %d of %s%n",
            letter.sequence(), letter.id(), ack.getSeqno(), ack.getStream());
    out().flush();
  }

  private void print(DeadLetter letter) {
    out()
        .printf(
            LINE,
            letter.sequence(),
            letter.time().truncatedTo(ChronoUnit.SECONDS).toInstant(),
            letter.id(),
            letter.header(MessageHeaders.DELIVERIES).orElse("-"),
            letter.header(MessageHeaders.STATUS).orElse("-"),
            letter.header(MessageHeaders.REASON).orElse("-"));
  }

  private int none(DeadLetterStream letters, long sequence) {
    err().printf("%s has no dead letter %d; see: dead-letters list%n", letters.name(), sequence);
    return CommandLine.ExitCode.SOFTWARE;
  }

  private int with(Work work) throws IOException, JetStreamApiException, InterruptedException {
    var access = NatsAccess.read(environment);
    var connection = connect(access);
    try {
      return work.run(new DeadLetterStream(connection, name(DeadLetterStream.names(connection))));
    } finally {
      connection.close();
      out().flush();
      err().flush();
    }
  }

  private Connection connect(NatsAccess access) throws IOException, InterruptedException {
    return FirstConnection.make(
        FirstConnection.PATIENCE,
        failure -> !(failure instanceof AuthenticationException),
        reason ->
            err()
                .printf(
                    "waiting for NATS, at most %d s: %s; a new pod is refused for up to two"
                        + " seconds%n",
                    FirstConnection.PATIENCE.toSeconds(), reason),
        () -> NatsClient.connectOnce(access));
  }

  private String name(List<String> names) throws IOException {
    if (stream.isPresent() && names.contains(stream.get())) {
      return stream.get();
    }
    if (stream.isEmpty() && names.size() == 1) {
      return names.get(0);
    }
    throw new IOException(
        "name one of the dead-letter streams with --stream: " + String.join(", ", names));
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }

  private interface Work {
    int run(DeadLetterStream letters) throws IOException, JetStreamApiException;
  }
}
