package dev.nordfaas.importer;

import dev.nordfaas.config.Durations;
import dev.nordfaas.config.model.Refusal;
import dev.nordfaas.function.CronTriggers;
import dev.nordfaas.function.OwnMetadata;
import dev.nordfaas.importer.FunctionImport.Item;
import dev.nordfaas.importer.Messages.Fate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.JsonNodeFactory;

/** Labels and annotations of a function, some of which OpenFaaS reads as settings. */
final class MetadataImport {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String SCALE = "com.openfaas.scale.";
  private static final String READY_PATH = "com.openfaas.ready.http.path";
  private static final String HEALTH_PATH = "com.openfaas.health.http.path";
  private static final String TOPIC = "topic";
  private static final String SCHEDULE = "schedule";

  /** The topic of OpenFaaS' cron-connector. */
  private static final String CRON = "cron-function";

  private final FunctionImport function;
  private final Map<String, Item> labels;
  private final Map<String, Item> annotations;

  MetadataImport(FunctionImport function) {
    this.function = function;
    this.labels = function.map("labels");
    this.annotations = function.map("annotations");
  }

  void convert() {
    scale();
    labels.forEach(
        (key, item) ->
            OwnMetadata.ofLabel(key)
                .ifPresentOrElse(
                    refusal -> function.leftOut(item.place(), refusal.reason(), fix(key, refusal)),
                    () -> put(List.of("labels", key), item.text(), item)));
    paths();
    metrics();
    schedules();
    annotations.forEach(
        (key, item) ->
            OwnMetadata.ofAnnotation(key, false)
                .ifPresentOrElse(
                    refusal -> function.leftOut(item.place(), refusal.reason(), fix(key, refusal)),
                    () -> put(List.of("annotations", key), item.text(), item)));
  }

  /** What is left out need not be removed; times of probes have no key, unlike their path. */
  private static String fix(String key, Refusal refusal) {
    if (refusal.fix().equals("remove it")) {
      return "";
    }
    return refusal.fix().equals("use readinessPath") && !key.endsWith(".path")
        ? "the node asks every second while a function starts, for two minutes"
        : refusal.fix();
  }

  private void put(List<String> path, String text, Item origin) {
    function.put(path, NODES.stringNode(text), origin.place());
  }

  private void put(List<String> path, int number, Item origin) {
    function.put(path, NODES.numberNode(number), origin.place());
  }

  private Optional<Item> take(Map<String, Item> from, String key) {
    return Optional.ofNullable(from.remove(key));
  }

  private void scale() {
    var min = replicas("min");
    var max = replicas("max");
    min.ifPresent(it -> put(List.of("scale", "min"), it.number(), it.item()));
    max.ifPresent(it -> put(List.of("scale", "max"), it.number(), it.item()));
    min.filter(it -> max.map(Replicas::number).orElse(0) < it.number())
        .ifPresent(
            it -> {
              put(List.of("scale", "max"), it.number(), it.item());
              function.changed(
                  it.item().place(),
                  max.isPresent()
                      ? "max is below it, so both are %d".formatted(it.number())
                      : "without a max, OpenFaaS takes its own; here it is %d too"
                          .formatted(it.number()),
                  "set scale.max");
            });
    target();
    take(labels, SCALE + "down.window").ifPresent(this::window);
    leaveOut("zero", "a function is never scaled to zero", "");
    leaveOut("zero-duration", "a function is never scaled to zero", "");
    leaveOut(
        "factor", "replicas are added by the autoscaler's own steps", "use scale.behavior.scaleUp");
  }

  private record Replicas(int number, Item item) {}

  private Optional<Replicas> replicas(String key) {
    var item = take(labels, SCALE + key);
    var number =
        item.filter(it -> it.text().matches("[1-9][0-9]{0,5}"))
            .map(it -> new Replicas(Integer.parseInt(it.text()), it));
    if (number.isEmpty()) {
      item.ifPresent(
          it ->
              function.leftOut(
                  it.place(),
                  "\"%s\" is no number of replicas from 1, and OpenFaaS ignores it"
                      .formatted(it.text()),
                  "set scale." + key));
    }
    return number;
  }

  private void leaveOut(String key, String reason, String fix) {
    take(labels, SCALE + key).ifPresent(it -> function.leftOut(it.place(), reason, fix));
  }

  /** The autoscaler here only looks at the CPU, in percent of the request. */
  private void target() {
    var type = take(labels, SCALE + "type");
    var target = take(labels, SCALE + "target");
    var proportion = take(labels, SCALE + "target-proportion");
    var all = List.of(type, target, proportion).stream().flatMap(Optional::stream).toList();
    if (all.isEmpty()) {
      return;
    }
    var percent = percent(type, target, proportion);
    if (percent.isPresent() && target.isPresent()) {
      put(List.of("scale", "targetCpuPercent"), percent.get(), target.get());
      function.changed(
          target.get().place(),
          "%s: scale.targetCpuPercent is %d, in percent of the CPU request"
              .formatted(texts(all), percent.get()),
          "");
    } else {
      function.leftOut(
          all.get(0).place(),
          "%s: the autoscaler follows the CPU, in percent of the request".formatted(texts(all)),
          "set scale.targetCpuPercent");
    }
  }

  private static String texts(List<Item> items) {
    return items.stream()
        .map(it -> it.place().path().segments().get(3) + " " + it.text())
        .collect(Collectors.joining(", "));
  }

  private Optional<Integer> percent(
      Optional<Item> type, Optional<Item> target, Optional<Item> proportion) {
    // Limits count as requests where there are none.
    var request =
        Optional.ofNullable(function.map("requests").get("cpu"))
            .or(() -> Optional.ofNullable(function.map("limits").get("cpu")))
            .flatMap(it -> Quantity.cpu(it.text()));
    var millicores = target.flatMap(it -> decimal(it.text()));
    var part = decimal(proportion.map(Item::text).orElse("0.9"));
    if (type.filter(it -> it.text().equals("cpu")).isEmpty()
        || request.isEmpty()
        || millicores.isEmpty()
        || part.isEmpty()) {
      return Optional.empty();
    }
    var percent =
        millicores
            .get()
            .multiply(part.get())
            .movePointRight(2)
            .divide(BigDecimal.valueOf(request.get().amount()), 0, RoundingMode.HALF_UP);
    return Optional.of(percent.min(BigDecimal.valueOf(1000)).intValueExact());
  }

  private static Optional<BigDecimal> decimal(String text) {
    return text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")
        ? Optional.of(new BigDecimal(text))
        : Optional.empty();
  }

  private void window(Item item) {
    Quantity.duration(item.text())
        .filter(it -> it.toMillis() % 1000 == 0 && it.compareTo(Duration.ofHours(1)) <= 0)
        .ifPresentOrElse(
            it ->
                put(
                    List.of("scale", "behavior", "scaleDown", "stabilizationWindow"),
                    Durations.format(it),
                    item),
            () ->
                function.leftOut(
                    item.place(),
                    "\"%s\" is no time of whole seconds up to 1h".formatted(item.text()),
                    "set scale.behavior.scaleDown.stabilizationWindow"));
  }

  private void paths() {
    var ready = take(annotations, READY_PATH);
    var health = take(annotations, HEALTH_PATH);
    ready.or(() -> health).ifPresent(it -> put(List.of("readinessPath"), it.text(), it));
    if (ready.isPresent()) {
      health.ifPresent(
          it ->
              function.leftOut(
                  it.place(),
                  "a function is alive while its port answers",
                  "readinessPath is " + ready.get().text()));
    }
  }

  private void metrics() {
    var scraping = new TreeMap<String, Item>();
    for (var key : List.of("scrape", "port", "path")) {
      for (var prefix : List.of("prometheus.io.", "prometheus.io/")) {
        take(annotations, prefix + key).ifPresent(it -> scraping.putIfAbsent(key, it));
      }
    }
    if (scraping.isEmpty()) {
      return;
    }
    var port = Optional.ofNullable(scraping.get("port"));
    var wanted =
        Optional.ofNullable(scraping.get("scrape"))
            .filter(it -> it.text().equals("true"))
            .isPresent();
    var path = Optional.ofNullable(scraping.get("path")).map(Item::text).orElse("/metrics");
    var first = scraping.values().iterator().next();
    if (wanted
        && path.equals("/metrics")
        && port.filter(it -> it.text().matches("[1-9][0-9]{3,4}") && !it.text().equals("8080"))
            .isPresent()) {
      put(List.of("metricsPort"), Integer.parseInt(port.get().text()), port.get());
      function.changed(
          first.place(), texts(List.copyOf(scraping.values())) + ": this is metricsPort", "");
    } else {
      function.leftOut(
          first.place(),
          texts(List.copyOf(scraping.values()))
              + ": Prometheus reads /metrics on a port of its own, or nothing",
          wanted ? "set metricsPort, and serve the metrics there" : "");
    }
  }

  private void schedules() {
    var topics =
        Optional.ofNullable(annotations.get(TOPIC))
            .map(it -> Arrays.stream(it.text().split(",")).map(String::strip).toList())
            .orElse(List.of());
    if (topics.contains(CRON) && annotations.containsKey(SCHEDULE)) {
      take(annotations, SCHEDULE).ifPresent(this::cron);
    }
    take(annotations, TOPIC).ifPresent(it -> topic(it, topics));
  }

  private void topic(Item item, List<String> topics) {
    var others = topics.stream().filter(it -> !it.equals(CRON)).toList();
    if (others.isEmpty()) {
      function.changed(item.place(), "%s: cron makes the calls".formatted(item.text()), "");
      return;
    }
    put(List.of("annotations", TOPIC), String.join(",", others), item);
    function
        .messages()
        .note(
            item.place(),
            Fate.TO_DO,
            "nothing calls the function for %s, as no connector of OpenFaaS is installed"
                .formatted(String.join(", ", others)),
            "let what sends it POST to a route of queueWorker.intake, and set queue");
  }

  /** Several schedules are separated by semicolons. */
  private void cron(Item item) {
    var schedules =
        Arrays.stream(item.text().split(";"))
            .map(String::strip)
            .filter(it -> !it.isEmpty())
            .toList();
    var count = 0;
    for (var text : schedules) {
      count++;
      var name = triggerName(schedules.size() == 1 ? "" : "-" + count);
      var parsed = CronAnnotation.parse(text);
      if (parsed.isEmpty()
          || CronTriggers.name(function.name(), name).length() > CronTriggers.MAX_NAME) {
        function.leftOut(
            item.place(),
            "\"%s\" %s"
                .formatted(
                    text,
                    parsed.isEmpty()
                        ? "cannot be written as minute, hour, day of the month, month, day of the week"
                        : "finds no name short enough for its CronJob"),
            "add it to cron");
        continue;
      }
      put(List.of("cron", name, SCHEDULE), parsed.get().schedule(), item);
      put(List.of("cron", name, "timezone"), parsed.get().timezone(), item);
    }
  }

  private String triggerName(String ending) {
    var name = SCHEDULE + ending;
    return CronTriggers.name(function.name(), name).length() > CronTriggers.MAX_NAME
        ? "s" + ending
        : name;
  }
}
