package dev.nordfaas.importer;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.importer.FunctionImport.Item;
import dev.nordfaas.importer.Messages.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Variables of a function, and the timeouts among them. */
final class EnvironmentImport {
  private static final String FPROCESS = "fprocess";
  private static final String FILES = "environment_file";

  /** How long a call may take, in the watchdogs: the first one that is set counts. */
  private static final List<String> CALL = List.of("exec_timeout", "write_timeout");

  /** What {@code timeout} sets, unless the function sets it itself. */
  private static final List<String> TIMEOUTS =
      List.of("exec_timeout", "write_timeout", "read_timeout");

  private final FunctionImport function;
  private final Path folder;
  private final Map<String, Item> variables = new LinkedHashMap<>();

  EnvironmentImport(FunctionImport function, Path folder) {
    this.function = function;
    this.folder = folder;
  }

  void convert() {
    function.text(FPROCESS).ifPresent(it -> add(FPROCESS, new Item(it, function.at(FPROCESS))));
    function.map("environment").forEach(this::add);
    function.texts(FILES).forEach(this::addFile);
    timeout().ifPresentOrElse(this::takeTimeout, this::sayThatCallsEnd);
    variables.forEach(
        (name, item) ->
            function.put(
                List.of("environment", name),
                FunctionImport.NODES.stringNode(item.text()),
                item.place()));
  }

  /** Files override what is in line, and later files earlier ones. */
  private void add(String name, Item item) {
    var before = variables.put(name, item);
    if (before != null) {
      function.leftOut(
          before.place(),
          "%s overrides it"
              .formatted(
                  item.place().file().equals(before.place().file())
                      ? "line " + item.place().line()
                      : item.place().file()),
          "");
    }
  }

  private void addFile(Item file) {
    var messages = function.messages();
    var read = YamlFile.readAsItIs(folder.resolve(file.text()), file.text(), messages);
    if (read.isEmpty()) {
      return;
    }
    var place = new Place(file.text(), 0, KeyPath.of());
    if (!(read.get() instanceof Value.Mapping mapping)) {
      messages.problem(
          place,
          "is %s, not a map".formatted(read.get().kind()),
          "write variables below environment");
      return;
    }
    mapping
        .entries()
        .forEach(
            (key, value) -> {
              if (!key.equals("environment")) {
                function.leftOut(
                    place.key(key, value.line()),
                    "faas-cli reads only environment there%s".formatted(StackImport.of(value)),
                    "");
              }
            });
    var environment = mapping.entries().get("environment");
    var found =
        FunctionImport.map(
            environment,
            place.key("environment", environment == null ? 0 : environment.line()),
            messages);
    found.forEach(this::add);
    function.changed(
        file.place(),
        "%d %s of %s are in environment now"
            .formatted(found.size(), found.size() == 1 ? "variable" : "variables", file.text()),
        "if one is a password, move it to secrets");
  }

  private Optional<Duration> timeout() {
    return CALL.stream()
        .filter(variables::containsKey)
        .flatMap(name -> duration(name).filter(it -> isTimeout(it)).stream())
        .findFirst();
  }

  private Optional<Duration> duration(String name) {
    return Optional.ofNullable(variables.get(name)).flatMap(it -> Quantity.duration(it.text()));
  }

  /** In the watchdogs zero is no limit, which no function has here. */
  private static boolean isTimeout(Duration duration) {
    return duration.toMillis() > 0
        && duration.toDays() < 365
        && duration.toNanosPart() % 1_000_000 == 0;
  }

  private void sayThatCallsEnd() {
    CALL.stream()
        .filter(name -> duration(name).filter(Duration::isZero).isPresent())
        .findFirst()
        .map(variables::get)
        .ifPresent(
            it ->
                function.changed(
                    it.place(),
                    "it is no limit, but a call takes at most timeout, 30s by default",
                    "set timeout"));
  }

  private void takeTimeout(Duration timeout) {
    var taken =
        TIMEOUTS.stream()
            .filter(name -> duration(name).filter(timeout::equals).isPresent())
            .toList();
    var first = variables.get(taken.get(0));
    if (first == null) {
      return;
    }
    function.put(
        List.of("timeout"),
        FunctionImport.NODES.stringNode(Durations.format(timeout)),
        first.place());
    function.changed(
        first.place(),
        "%s: timeout sets %s"
            .formatted(String.join(", ", taken), taken.size() == 1 ? "it" : "them"),
        "if it is above openfaas.gateway.upstreamTimeout, raise that too");
    taken.forEach(variables::remove);
  }
}
