package dev.nordfaas.report;

import static dev.nordfaas.report.Markdown.code;

import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.plan.Capacity;
import dev.nordfaas.plan.Destination;
import dev.nordfaas.plan.License;
import dev.nordfaas.report.Change.Component;
import dev.nordfaas.report.Page.Detail;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The report as Markdown for GitHub. */
final class ReportPage {
  /** Rows of a table, or lines of a list, on the first screen. */
  private static final int ROWS = 12;

  /** A finding is a sentence. */
  private static final int SENTENCE = 400;

  private static final String UNKNOWN = "unknown";
  private static final Optional<String> HOME = Optional.of("NO");
  private static final List<Operation> CHANGES =
      List.of(Operation.CREATE, Operation.UPDATE, Operation.REPLACE, Operation.DELETE);

  private final Report report;
  private final StringBuilder head = new StringBuilder();
  private final List<Detail> details = new ArrayList<>();

  private ReportPage(Report report) {
    this.report = report;
  }

  /** The page in at most so many characters. */
  static String render(Report report, int limit) {
    return new ReportPage(report).page().within(limit);
  }

  private Page page() {
    head.append("## ").append(code(report.stack())).append('\n');
    report.preview().ifPresent(this::addPreview);
    addCapacity();
    addCost();
    addDestinations();
    addLicense();
    addFindings();
    if (report.comparisonFailed()) {
      paragraph(
          "**Before**: this program does not accept the config as it was, so nothing is compared with it.");
    }
    report.preview().ifPresent(this::addComponents);
    return new Page(head.toString(), details);
  }

  private void paragraph(String text) {
    head.append('\n').append(text).append('\n');
  }

  // ---------------------------------------------------------------------------------- the engine

  private void addPreview(Preview preview) {
    if (preview.failed()) {
      paragraph("🔴 **The preview ended with an error**: what follows is not all.");
    }
    var counts = preview.counts();
    var changes =
        CHANGES.stream()
            .filter(counts::containsKey)
            .map(
                operation ->
                    emphasized(
                        operation, "%d to %s".formatted(counts.get(operation), operation.title())))
            .collect(Collectors.joining(", "));
    paragraph(
        "**Operations**: %s; %d unchanged. %s."
            .formatted(
                changes.isEmpty() ? "none" : changes,
                preview.unchanged(),
                preview.unknown() == 0
                    ? "Every value is known before `up`"
                    : preview.unknown() == 1
                        ? "1 value is not known before `up`"
                        : preview.unknown() + " values are not known before `up`"));
    if (!changes.isEmpty()) {
      head.append('\n').append(operations(preview, Component::type, true));
    }
    addGone(preview.with(Operation.REPLACE, Operation.DELETE));
    addRestarts(preview);
  }

  private static String emphasized(Operation operation, String text) {
    return operation == Operation.REPLACE || operation == Operation.DELETE
        ? "🔴 **" + text + "**"
        : text;
  }

  private static String operations(
      Preview preview, Function<Component, String> group, boolean isShort) {
    var groups =
        preview.changes().stream()
            .filter(change -> CHANGES.contains(change.operation()))
            .collect(
                Collectors.groupingBy(
                    change -> group.apply(change.component()), TreeMap::new, Collectors.toList()));
    var rows = new ArrayList<List<String>>();
    groups.forEach(
        (name, changes) -> {
          var counts = Preview.counts(changes.stream());
          var row = new ArrayList<String>();
          row.add(code(name));
          CHANGES.forEach(
              operation ->
                  row.add(counts.containsKey(operation) ? counts.get(operation).toString() : ""));
          rows.add(row);
        });
    return Markdown.table(
            List.of("component", "create ", "update ", "replace ", "delete "),
            isShort ? first(rows) : rows)
        + (isShort ? more(rows) : "");
  }

  private void addGone(List<Change> gone) {
    if (gone.isEmpty()) {
      return;
    }
    paragraph("🔴 **Replaced or deleted**");
    var lines = gone.stream().map(ReportPage::line).toList();
    head.append('\n').append(Markdown.red(first(lines))).append(more(lines));
    detail("replaced or deleted", lines, Markdown::red);
  }

  private static String line(Change change) {
    return "%s %s %s%s"
        .formatted(
            change.operation() == Operation.DELETE ? "deleted: " : "replaced:",
            change.shortType(),
            change.name(),
            change.because().isEmpty()
                ? ""
                : " (because of %s)".formatted(String.join(", ", change.because())));
  }

  private void addRestarts(Preview preview) {
    var lines = new ArrayList<String>();
    preview.restarts().stream()
        .sorted(Comparator.comparing(restart -> !restart.certain()))
        .map(restart -> code(restart.what()) + (restart.certain() ? "" : " (perhaps)"))
        .forEach(lines::add);
    preview.reboots().stream().map(reboot -> code(reboot)).forEach(lines::add);
    paragraph(
        "**Restarts**: "
            + (lines.isEmpty() ? "nothing" : String.join(", ", first(lines)))
            + (lines.size() > ROWS ? ", and %d more".formatted(lines.size() - ROWS) : ""));
    detail("restarts", lines, ReportPage::list);
  }

  private void addComponents(Preview preview) {
    if (preview.changes().stream().anyMatch(change -> CHANGES.contains(change.operation()))) {
      var components = preview.changes().stream().map(Change::component).distinct().count();
      details.add(
          new Detail(
              "operations by each component (%d)".formatted(components),
              operations(preview, Component::toString, false)));
    }
  }

  // ------------------------------------------------------------------------------------ the plan

  private void addCapacity() {
    var nodes = report.capacity().nodes();
    if (nodes.isEmpty()) {
      return;
    }
    paragraph("**Capacity**: asked of available, left" + compared());
    var rows = nodes.stream().map(ReportPage::row).toList();
    var titles = List.of("node", "CPU", "memory", "disk");
    head.append('\n').append(Markdown.table(titles, first(rows))).append(more(rows));
    detail("nodes", rows, all -> Markdown.table(titles, all));
    if (report.capacity().unplaced() > 0) {
      paragraph(
          "🔴 %d pods fit on no node as calculated here: placed one by one."
              .formatted(report.capacity().unplaced()));
    }
  }

  private static List<String> row(Capacity.OfNode node) {
    return List.of(
        code(node.name()),
        cell(node, Requests::millicores, ReportPage::cores),
        cell(node, Requests::bytes, ReportPage::gibibytes),
        cell(node, Requests::disk, ReportPage::gibibytes));
  }

  private static String cell(
      Capacity.OfNode node, ToLongFunction<Requests> amount, LongFunction<String> text) {
    return "%s of %s, **%s**"
        .formatted(
            text.apply(amount.applyAsLong(node.asked())),
            text.apply(amount.applyAsLong(node.available())),
            text.apply(amount.applyAsLong(node.left())));
  }

  private String compared() {
    return report
        .comparison()
        .map(
            before -> {
              var more = report.capacity().asked().minus(before.capacity().asked());
              return "; compared with before, %s CPU, %s memory and %s disk are asked for"
                  .formatted(
                      signed(more.millicores(), ReportPage::cores),
                      signed(more.bytes(), ReportPage::gibibytes),
                      signed(more.disk(), ReportPage::gibibytes));
            })
        .orElse("");
  }

  private static String cores(long millicores) {
    return "%d.%02d".formatted(millicores / 1000, millicores % 1000 / 10);
  }

  private static String gibibytes(long bytes) {
    var tenths = bytes / ((1L << 30) / 10);
    return "%d.%d GiB".formatted(tenths / 10, tenths % 10);
  }

  private static String signed(long amount, LongFunction<String> text) {
    return amount == 0 ? "±0" : (amount < 0 ? "−" : "+") + text.apply(Math.abs(amount));
  }

  private void addCost() {
    var cost = report.cost();
    var known =
        cost.prices().isEmpty()
            ? "unknown: no node has a price"
            : "%d NOK a month".formatted(cost.sum());
    var missing =
        cost.prices().isEmpty() || cost.unpriced().isEmpty()
            ? ""
            : ", without %d nodes that have no price".formatted(cost.unpriced().size());
    var difference =
        report
            .comparison()
            .map(before -> ", " + signed(cost.sum() - before.cost().sum(), String::valueOf))
            .orElse("");
    paragraph(
        "**Cost**: %s%s%s%s"
            .formatted(
                known,
                difference,
                cost.limit().map(limit -> "; the limit is %d".formatted(limit)).orElse(""),
                missing));
  }

  private void addDestinations() {
    var rows = destinations();
    var fresh = report.destinations().stream().filter(report::isNew).count();
    paragraph(
        "**Leaves the cluster**: %d destinations%s"
            .formatted(
                report.destinations().size(),
                fresh > 0
                    ? ", 🔴 **%d new**".formatted(fresh)
                    : report.comparison().map(before -> ", none new").orElse("")));
    var titles = List.of("to", "from", "country");
    head.append('\n').append(Markdown.table(titles, first(rows))).append(more(rows));
    detail("destinations", rows, all -> Markdown.table(titles, all));
  }

  /** One row for each place, with all that connect to it; the new ones first, then those abroad. */
  private List<List<String>> destinations() {
    var places = new LinkedHashMap<Destination, List<Destination>>();
    report
        .destinations()
        .forEach(it -> places.computeIfAbsent(place(it), key -> new ArrayList<>()).add(it));
    return places.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<Destination, List<Destination>>, Boolean>comparing(
                    place -> place.getValue().stream().noneMatch(report::isNew))
                .thenComparing(place -> place.getKey().country().equals(HOME)))
        .map(place -> destinationRow(place.getKey(), place.getValue()))
        .toList();
  }

  private static Destination place(Destination it) {
    return new Destination("", it.host(), it.network(), it.port(), it.country());
  }

  private List<String> destinationRow(Destination place, List<Destination> all) {
    return List.of(
        Stream.concat(place.host().stream(), place.network().stream())
                .map(Markdown::code)
                .collect(Collectors.joining(" in "))
            + " port %d".formatted(place.port()),
        all.stream()
                .limit(2)
                .map(it -> code(it.from()) + (report.isNew(it) ? " 🔴 **new**" : ""))
                .collect(Collectors.joining(", "))
            + (all.size() > 2 ? ", and %d more".formatted(all.size() - 2) : ""),
        place.country().map(Markdown::code).orElse(UNKNOWN));
  }

  private void addLicense() {
    paragraph("**Licence**: OpenFaaS " + license(report.license()));
  }

  private static String license(License license) {
    if (license.edition() == Edition.NONE) {
      return "is not used";
    }
    if (license.edition() == Edition.STANDARD) {
      return "Standard, with the license of `openfaas.license`";
    }
    return "Community Edition%s: at most %d days of commercial use; %d of %d functions, at most %d of %d replicas"
        .formatted(
            license.accepted() ? ", accepted in the config" : "",
            License.COMMUNITY_DAYS,
            license.functions(),
            License.COMMUNITY_FUNCTIONS,
            license.replicas(),
            License.COMMUNITY_REPLICAS);
  }

  private void addFindings() {
    var lines = new ArrayList<String>();
    report.findings().forEach(finding -> lines.add("⚠️ " + code(finding, SENTENCE)));
    report
        .exemptions()
        .forEach(
            exemption ->
                lines.add(
                    "exempted by %s: %s"
                        .formatted(
                            code(exemption.path().toString()), code(exemption.what(), SENTENCE))));
    paragraph(
        "**Policy**: no errors, %s, %s"
            .formatted(
                count(report.findings().size(), "warning"),
                count(report.exemptions().size(), "exemption")));
    if (!lines.isEmpty()) {
      head.append('\n').append(list(first(lines))).append(more(lines));
    }
    detail("warnings and exemptions", lines, ReportPage::list);
  }

  // -------------------------------------------------------------------------------------- pieces

  private static String count(int number, String what) {
    return number == 1 ? "1 " + what : "%d %ss".formatted(number, what);
  }

  private static String list(List<String> lines) {
    return lines.stream().map(line -> "- " + line + "\n").collect(Collectors.joining());
  }

  private static <T> List<T> first(List<T> all) {
    return all.subList(0, Math.min(ROWS, all.size()));
  }

  private static String more(List<?> all) {
    return all.size() > ROWS ? "\n… and %d more\n".formatted(all.size() - ROWS) : "";
  }

  /** The whole of what the first screen only begins. */
  private <T> void detail(String title, List<T> all, Function<List<T>, String> text) {
    if (all.size() > ROWS) {
      details.add(new Detail("all %s (%d)".formatted(title, all.size()), text.apply(all)));
    }
  }
}
