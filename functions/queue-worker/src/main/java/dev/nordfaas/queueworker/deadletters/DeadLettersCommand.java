package dev.nordfaas.queueworker.deadletters;

import dev.nordfaas.queueworker.config.Durations;
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
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
    synopsisSubcommandLabel = "list|show|replay|remove",
    description = {
      "Lists, shows, replays and removes the messages that could not be processed.",
      "",
      "Logs in as the user dead-letters: set NATS_URL, NATS_USER, NATS_PASSWORD, and NATS_CA if TLS is on."
    },
    footer = {
      "",
      "A replayed message goes back to the subject that it came from, with the id of its request,",
      "and is removed from the dead letters once it is stored there. Where several consumers get",
      "the messages of that subject, only the one that failed processes it: the workers of the",
      "others acknowledge it without a call."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, or shown what would be done",
      "1:NATS refused, or there is no such dead letter or consumer",
      "2:wrong usage"
    })
public final class DeadLettersCommand {
  private static final String LINE = "%8s  %-20s  %-20s  %-36s  %10s  %6s  %s%n";

  /** After how many dead letters a line says how far a search is. */
  private static final int PROGRESS = 10_000;

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
          printHead();
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
      @Option(names = "--yes", description = "With --all: do it.") boolean yes,
      @Option(
              names = "--to",
              paramLabel = "CONSUMER",
              description =
                  "Replay to this consumer of the stream, instead of the one that failed.")
          Optional<String> to)
      throws IOException, JetStreamApiException, InterruptedException {
    var named = sequences == null ? List.<Long>of() : sequences;
    if (all != named.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.subcommands().get("replay"), "name sequences, or --all");
    }
    return with(letters -> all ? replayAll(letters, to, yes) : replay(letters, to, named));
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = {
        "Removes dead letters for good: nobody will process them, and they are overwritten on disk.",
        "It only shows what it would remove, unless --yes is added."
      })
  int remove(
      @Parameters(paramLabel = "SEQUENCE", arity = "0..*", description = "Sequence in the stream.")
          List<Long> sequences,
      @Option(
              names = "--id",
              paramLabel = "ID",
              description = "All dead letters of the request with this id; may be repeated.")
          List<String> ids,
      @Option(
              names = "--older-than",
              paramLabel = "AGE",
              converter = Age.class,
              description = "All that have been dead letters for longer, such as 90d.")
          Optional<Duration> age,
      @Option(names = "--yes", description = "Do it.") boolean yes)
      throws IOException, JetStreamApiException, InterruptedException {
    var named = sequences == null ? List.<Long>of() : sequences;
    var wanted = ids == null ? List.<String>of() : ids;
    if (Stream.of(!named.isEmpty(), !wanted.isEmpty(), age.isPresent()).filter(b -> b).count()
        != 1) {
      throw new CommandLine.ParameterException(
          spec.subcommands().get("remove"), "name either sequences, --id or --older-than");
    }
    return with(letters -> remove(letters, select(letters, named, wanted, age), yes));
  }

  private Selection select(
      DeadLetterStream letters, List<Long> sequences, List<String> ids, Optional<Duration> age)
      throws IOException, JetStreamApiException {
    if (!sequences.isEmpty()) {
      var found = new ArrayList<DeadLetter>();
      for (var sequence : new LinkedHashSet<>(sequences)) {
        var letter = letters.at(sequence);
        letter.ifPresent(found::add);
        if (letter.isEmpty()) {
          return Selection.missing(missing(letters, sequence));
        }
      }
      return Selection.of(found);
    }
    if (age.isPresent()) {
      var limit = ZonedDateTime.now(ZoneOffset.UTC).minus(age.get());
      return Selection.of(search(letters, any -> true, letter -> letter.time().isBefore(limit)));
    }
    var found = search(letters, letter -> ids.contains(letter.id()), any -> true);
    var without = new LinkedHashSet<>(ids);
    found.forEach(letter -> without.remove(letter.id()));
    return without.isEmpty()
        ? Selection.of(found)
        : Selection.missing(
            "%s has no dead letter with id %s; see: dead-letters list"
                .formatted(letters.name(), String.join(", ", without)));
  }

  /** The ones that are wanted, the oldest first, as long as they are in the range. */
  private List<DeadLetter> search(
      DeadLetterStream letters, Predicate<DeadLetter> wanted, Predicate<DeadLetter> inRange)
      throws IOException, JetStreamApiException {
    var found = new ArrayList<DeadLetter>();
    var count = letters.count();
    var seen = 0L;
    var next = letters.from(1);
    while (next.isPresent() && inRange.test(next.get())) {
      var letter = next.get();
      if (wanted.test(letter)) {
        found.add(letter.withoutBody());
      }
      seen++;
      if (seen % PROGRESS == 0) {
        err().printf("looked at %d of %d%n", seen, count);
      }
      next = letters.from(letter.sequence() + 1);
    }
    return found;
  }

  private int remove(DeadLetterStream letters, Selection selection, boolean yes)
      throws IOException, JetStreamApiException {
    if (selection.problem().isPresent()) {
      err().println(selection.problem().get());
      return CommandLine.ExitCode.SOFTWARE;
    }
    var chosen = selection.letters();
    if (!yes) {
      printHead();
      chosen.forEach(this::print);
      out()
          .printf(
              "would remove %d of %d from %s, for good; add --yes to do it%n",
              chosen.size(), letters.count(), letters.name());
      return CommandLine.ExitCode.OK;
    }
    var removed = 0;
    try {
      for (var letter : chosen) {
        var here = letters.remove(letter);
        removed += here ? 1 : 0;
        out()
            .printf(
                here ? "removed %d (id %s)%n" : "%d (id %s) has been removed meanwhile%n",
                letter.sequence(),
                letter.id());
        out().flush();
      }
    } finally {
      out().printf("removed %d of %d from %s%n", removed, chosen.size(), letters.name());
    }
    out().printf("%d left in %s%n", letters.count(), letters.name());
    return CommandLine.ExitCode.OK;
  }

  private int replay(DeadLetterStream letters, Optional<String> to, List<Long> sequences)
      throws IOException, JetStreamApiException {
    var found = new ArrayList<DeadLetter>();
    for (var sequence : sequences) {
      var letter = letters.at(sequence);
      if (letter.isEmpty()) {
        return none(letters, sequence);
      }
      found.add(letter.get());
    }
    var origin = letters.origin();
    for (var letter : found) {
      origin.consumer(letter, to);
    }
    for (var letter : found) {
      replay(letters, letter, origin, to);
    }
    return CommandLine.ExitCode.OK;
  }

  private int replayAll(DeadLetterStream letters, Optional<String> to, boolean yes)
      throws IOException, JetStreamApiException {
    var count = letters.count();
    if (!yes) {
      out()
          .printf(
              "would replay %d from %s, the oldest first; add --yes to do it%n",
              count, letters.name());
      return CommandLine.ExitCode.OK;
    }
    var origin = letters.origin();
    var sequence = 1L;
    var code = CommandLine.ExitCode.OK;
    // Messages that die again meanwhile come after these, and are not replayed over and over.
    for (var replayed = 0L; replayed < count; replayed++) {
      var letter = letters.from(sequence);
      if (letter.isEmpty()) {
        break;
      }
      try {
        replay(letters, letter.get(), origin, to);
      } catch (NoRoomException e) {
        err().println(e.getMessage());
        code = CommandLine.ExitCode.SOFTWARE;
      }
      sequence = letter.get().sequence() + 1;
    }
    return code;
  }

  private void replay(
      DeadLetterStream letters, DeadLetter letter, OriginStream origin, Optional<String> to)
      throws IOException, JetStreamApiException {
    var consumer = origin.consumer(letter, to);
    var ack = letters.replay(letter, origin, consumer);
    out()
        .printf(
            "replayed %d (id %s) as %d of %s to consumer %s%n",
            letter.sequence(), letter.id(), ack.getSeqno(), ack.getStream(), consumer);
    out().flush();
  }

  private void printHead() {
    out().printf(LINE, "SEQUENCE", "TIME", "CONSUMER", "ID", "DELIVERIES", "STATUS", "REASON");
  }

  private void print(DeadLetter letter) {
    out()
        .printf(
            LINE,
            letter.sequence(),
            letter.time().truncatedTo(ChronoUnit.SECONDS).toInstant(),
            letter.durable(),
            letter.id(),
            letter.header(MessageHeaders.DELIVERIES).orElse("-"),
            letter.header(MessageHeaders.STATUS).orElse("-"),
            letter.header(MessageHeaders.REASON).orElse("-"));
  }

  private int none(DeadLetterStream letters, long sequence) {
    err().println(missing(letters, sequence));
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String missing(DeadLetterStream letters, long sequence) {
    return "%s has no dead letter %d; see: dead-letters list".formatted(letters.name(), sequence);
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

  /** Which dead letters a command is about, or why it is about none. */
  private record Selection(List<DeadLetter> letters, Optional<String> problem) {
    static Selection of(List<DeadLetter> letters) {
      return new Selection(List.copyOf(letters), Optional.empty());
    }

    static Selection missing(String problem) {
      return new Selection(List.of(), Optional.of(problem));
    }
  }

  /** An age on the command line. */
  private static final class Age implements CommandLine.ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      try {
        return Durations.parse(text);
      } catch (IllegalArgumentException e) {
        throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  private interface Work {
    int run(DeadLetterStream letters) throws IOException, JetStreamApiException;
  }
}
