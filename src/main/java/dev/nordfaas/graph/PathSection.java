package dev.nordfaas.graph;

import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.FunctionConfig.Grant;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.edge.EdgePod;
import dev.nordfaas.function.CronTriggers;
import dev.nordfaas.function.Workloads;
import dev.nordfaas.graph.Shape.Anchor;
import dev.nordfaas.graph.Shape.Look;
import dev.nordfaas.graph.Shape.Point;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.plan.MessagePath;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.plan.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The path of requests and orders, from left to right: calls along the top, messages along the
 * bottom.
 */
final class PathSection {
  private static final double PAD = 6;
  private static final double TOP = 20;
  private static final double INNER = 158;
  private static final double LOW = 92;
  private static final int BADGES = 3;
  private static final int DETAILED = 3;

  private static final Set<String> EDGE = Set.of("edge/edge");
  private static final Set<String> GATEWAY = Set.of("openfaas/gateway");
  private static final Set<String> INTAKE = Set.of(Families.workload(Plan.INTAKE));
  private static final Set<String> NATS = Set.of("nats/nats");
  private static final Set<String> POOLER = Set.of("postgres/pgbouncer");
  private static final Set<String> POSTGRES = Set.of("postgres/postgres");

  private final Plan plan;
  private final StackConfig config;
  private final Connections connections;
  private final Canvas canvas;
  private final double left;
  private final double y;
  private final Set<String> functions;
  private final Set<String> workers;
  private final Set<String> schedules;

  PathSection(Plan plan, Connections connections, Canvas canvas, double left, double y) {
    this.plan = plan;
    this.config = plan.config();
    this.connections = connections;
    this.canvas = canvas;
    this.left = left;
    this.y = y;
    functions = workloads(config.functions().keySet(), "");
    workers =
        config.functions().entrySet().stream()
            .filter(function -> function.getValue().queue().isPresent())
            .map(function -> Families.workload(Workloads.workerName(function.getKey())))
            .collect(Collectors.toCollection(TreeSet::new));
    schedules =
        workloads(
            config.functions().entrySet().stream()
                .filter(function -> !function.getValue().cron().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet()),
            CronTriggers.ENDING);
  }

  private static Set<String> workloads(Set<String> names, String ending) {
    return names.stream()
        .map(name -> Families.workload(name + ending))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Area area(double x, double top, double width, double height) {
    return new Area(left + x, y + TOP + top, width, height);
  }

  /** Returns where it ends. */
  double draw() {
    var rest = rest(712 - 2 * PAD);
    var height = TOP + INNER + 9 + rest.size() * Font.TEXT.line();
    var cluster = canvas.frame("cluster", new Area(left + 90, y, 712, height), Look.CLUSTER);
    canvas.text(clusterText(), cluster.x() + PAD, y + 12, Font.TEXT);

    var hasSchedules = !schedules.isEmpty();
    var clients = area(0, INNER / 2 - 26, 56, 52);
    var edge = area(100, 0, 88, INNER);
    var intake = area(214, LOW, 88, INNER - LOW);
    var nats = area(328, LOW, 96, INNER - LOW);
    var called = area(450, LOW, 92, INNER - LOW);
    var gateway = hasSchedules ? area(450, 41, 92, 35) : area(450, 12, 92, 52);
    var timed = area(450, 0, 92, 26);
    var functionBox = area(568, 0, 112, INNER);
    var pooler = area(706, 12, 86, 52);
    var postgres = area(706, LOW, 86, INNER - LOW);

    box(
        "clients",
        clients,
        Look.OUTSIDE,
        "Clients",
        Set.of(),
        plain(List.of("HTTPS from", "any address")));
    canvas.arrow(
        "clients edge",
        false,
        new Point(clients.right(), clients.centerY()),
        new Point(edge.x(), clients.centerY()));
    canvas.text(
        hostPorts(),
        (clients.right() + cluster.x()) / 2,
        clients.centerY() - 4,
        Anchor.MIDDLE,
        Font.TEXT);
    box("edge", edge, Look.PART, "edge", EDGE, plain(edgeLines()));
    drawCalls(edge, gateway, functionBox, timed, called);
    drawMessages(edge, intake, nats, called);
    box("functions", functionBox, Look.FUNCTIONS, functionsTitle(), functions, functionLines());
    box("pgbouncer", pooler, Look.PART, "PgBouncer", POOLER, plain(poolerLines()));
    box("postgres", postgres, Look.PART, "PostgreSQL", POSTGRES, plain(postgresLines()));
    across("functions", "pgbouncer", functionBox, pooler, pooler.centerY(), functions, POOLER);
    down("pgbouncer", "postgres", pooler, postgres, POOLER, POSTGRES);
    for (var index = 0; index < rest.size(); index++) {
      canvas.text(
          rest.get(index),
          cluster.x() + PAD,
          y + TOP + INNER + 14 + index * Font.TEXT.line(),
          Font.TEXT);
    }
    return cluster.bottom();
  }

  private static List<Line> plain(List<String> lines) {
    return lines.stream().map(line -> new Line(line, Font.TEXT)).toList();
  }

  /** A line in a box. */
  private record Line(String text, Font font) {}

  private void drawCalls(Area edge, Area gateway, Area functionBox, Area timed, Area called) {
    var direct = plan.calls() == CallPath.DIRECT;
    if (!direct) {
      box("gateway", gateway, Look.PART, "gateway", GATEWAY, plain(gatewayLines()));
      across("edge", "gateway", edge, gateway, gateway.centerY(), EDGE, GATEWAY);
      across("gateway", "functions", gateway, functionBox, gateway.centerY(), GATEWAY, functions);
    } else {
      across("edge", "functions", edge, functionBox, gateway.centerY(), EDGE, functions);
    }
    if (!schedules.isEmpty()) {
      box("schedules", timed, Look.PART, "schedules", schedules, plain(List.of(schedulesText())));
      if (direct) {
        across("schedules", "functions", timed, functionBox, timed.centerY(), schedules, functions);
      } else {
        down("schedules", "gateway", timed, gateway, schedules, GATEWAY);
      }
    }
    if (!workers.isEmpty()) {
      if (direct) {
        across("workers", "functions", called, functionBox, called.centerY(), workers, functions);
      } else {
        up("workers", "gateway", called, gateway, workers, GATEWAY);
      }
    }
  }

  private void drawMessages(Area edge, Area intake, Area nats, Area called) {
    if (plan.hasIntake()) {
      box("intake", intake, Look.PART, "intake", INTAKE, plain(intakeLines()));
      across("edge", "intake", edge, intake, intake.centerY(), EDGE, INTAKE);
      across("intake", "nats", intake, nats, intake.centerY(), INTAKE, NATS);
    }
    box("nats", nats, Look.PART, "NATS JetStream", NATS, plain(natsLines()));
    if (!workers.isEmpty()) {
      box("workers", called, Look.PART, "workers", workers, plain(workerLines()));
      arrow("nats", "workers", nats, called, nats.centerY(), ports(workers, NATS), true);
    }
  }

  private String clusterText() {
    var k3s = config.k3s();
    return k3s.existing().isPresent()
        ? "A Kubernetes cluster that exists already"
        : "K3s %s, pods %s, services %s"
            .formatted(k3s.version(), k3s.clusterCidr(), k3s.serviceCidr());
  }

  /** What is not on the path: it is in the table and on the nodes. */
  private List<String> rest(double width) {
    var rest =
        plan.pods().stream()
            .filter(pods -> pods.object().map(object -> !isOnPath(object)).orElse(true))
            .toList();
    var names = PodNames.of(rest, Pods::name);
    names.set(0, "Beside this path: " + names.get(0));
    return Font.TEXT.wrap(names, ", ", width);
  }

  private boolean isOnPath(String object) {
    var workload = object.substring(object.indexOf(' ') + 1);
    return Stream.of(EDGE, GATEWAY, INTAKE, NATS, workers, functions, POOLER, POSTGRES)
            .anyMatch(workloads -> workloads.contains(workload))
        || object.startsWith("CronJob " + Families.workload(""));
  }

  private void box(
      String id, Area area, Look look, String title, Set<String> workloads, List<Line> lines) {
    canvas.frame(id, area, look);
    var badges = badges(workloads);
    var room = area.width() - 2 * PAD - badges.size() * (2 * Shape.Badge.RADIUS + 1);
    canvas.text(Font.NAME.fit(title, room), area.x() + PAD, area.y() + 11.5, Font.NAME);
    canvas.badgesBefore(badges, area.right() - 4, area.y() + 9);
    var fitting = (int) Math.floor((area.height() - 15) / Font.TEXT.line());
    var shown = lines.size() <= fitting ? lines : shortened(lines, fitting);
    for (var index = 0; index < shown.size(); index++) {
      var line = shown.get(index);
      canvas.text(
          line.font().fit(line.text(), area.width() - 2 * PAD),
          area.x() + PAD,
          area.y() + 21.5 + index * Font.TEXT.line(),
          line.font());
    }
  }

  private static List<Line> shortened(List<Line> lines, int fitting) {
    var result = new ArrayList<>(lines.subList(0, fitting - 1));
    var left = lines.subList(fitting - 1, lines.size());
    var names = left.stream().filter(line -> !line.text().isEmpty()).count();
    result.add(new Line(Counts.more((int) names), Font.TEXT));
    return result;
  }

  private List<String> badges(Set<String> workloads) {
    var letters =
        connections.exits().stream()
            .filter(exit -> exit.from().stream().anyMatch(workloads::contains))
            .map(Exit::letter)
            .toList();
    if (letters.size() <= BADGES) {
      return letters;
    }
    var some = new ArrayList<>(letters.subList(0, BADGES - 1));
    some.add("…");
    return some;
  }

  private String ports(Set<String> from, Set<String> to) {
    return connections.ports(from, to).stream()
        .map(String::valueOf)
        .collect(Collectors.joining(", "));
  }

  private static String hostPorts() {
    return EdgePod.HOST_PORTS.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private void across(
      String from,
      String to,
      Area one,
      Area other,
      double at,
      Set<String> ones,
      Set<String> others) {
    arrow(from, to, one, other, at, ports(ones, others), false);
  }

  /** From the right side of one box to the left side of another, if there are ports. */
  private void arrow(
      String from, String to, Area one, Area other, double at, String ports, boolean dashed) {
    if (ports.isEmpty()) {
      return;
    }
    canvas.arrow(from + " " + to, dashed, new Point(one.right(), at), new Point(other.x(), at));
    canvas.text(ports, (one.right() + other.x()) / 2 - 1, at - 4, Anchor.MIDDLE, Font.TEXT);
  }

  private void down(
      String from, String to, Area one, Area other, Set<String> ones, Set<String> others) {
    vertical(from, to, one.centerX(), one.bottom(), other.y(), ports(ones, others));
  }

  private void up(
      String from, String to, Area one, Area other, Set<String> ones, Set<String> others) {
    vertical(from, to, one.centerX(), one.y(), other.bottom(), ports(ones, others));
  }

  private void vertical(String from, String to, double x, double start, double end, String ports) {
    if (ports.isEmpty()) {
      return;
    }
    canvas.arrow(from + " " + to, false, new Point(x, start), new Point(x, end));
    canvas.text(ports, x + 5, (start + end) / 2 + 2.5, Font.TEXT);
  }

  private String pods(String workload) {
    return plan.pods().stream()
        .filter(pods -> pods.object().filter(it -> it.endsWith(" " + workload)).isPresent())
        .findFirst()
        .map(Counts::of)
        .orElse("");
  }

  private List<Pods> podsOf(Set<String> workloads) {
    return plan.pods().stream()
        .filter(
            pods ->
                pods.object()
                    .filter(it -> workloads.contains(it.substring(it.indexOf(' ') + 1)))
                    .isPresent())
        .toList();
  }

  private List<String> edgeLines() {
    var lines = new ArrayList<String>();
    lines.add("Caddy, " + pods("edge/edge"));
    lines.add("TLS: " + config.edge().tls().name().toLowerCase(Locale.ROOT));
    if (!config.edge().adminCidrs().isEmpty()) {
      lines.add("");
      lines.add("/system, /ui: from");
      config.edge().adminCidrs().forEach(cidr -> lines.add(cidr.text()));
    }
    lines.add("");
    lines.add("paths:");
    plan.routes().functions().stream()
        .flatMap(
            route ->
                route.paths().isEmpty()
                    ? Stream.of("/function/" + route.name())
                    : route.paths().stream())
        .forEach(lines::add);
    plan.routes().intake().forEach(route -> lines.add(route.path()));
    return lines;
  }

  private List<String> gatewayLines() {
    return List.of(
        "OpenFaaS " + config.openfaas().edition().name().toLowerCase(Locale.ROOT),
        pods("openfaas/gateway"));
  }

  private String schedulesText() {
    var number = config.functions().values().stream().mapToInt(it -> it.cron().size()).sum();
    return number == 1 ? "1 CronJob" : number + " CronJobs";
  }

  private List<String> intakeLines() {
    var lines = new ArrayList<String>();
    lines.add("202 once stored");
    lines.add(pods("openfaas-fn/intake"));
    plan.messages().paths().stream().map(MessagePath::subject).distinct().forEach(lines::add);
    return lines;
  }

  private List<String> natsLines() {
    var lines = new ArrayList<String>();
    lines.add(pods("nats/nats"));
    config
        .nats()
        .streams()
        .forEach(
            (name, stream) ->
                lines.add("%s: %s".formatted(name, String.join(", ", stream.subjects()))));
    return lines;
  }

  private List<String> workerLines() {
    var lines = new ArrayList<String>();
    lines.add(Counts.of(podsOf(workers)));
    lines.add("pull and call");
    config
        .functions()
        .forEach((name, function) -> function.queue().ifPresent(queue -> lines.add(name)));
    return lines;
  }

  private String functionsTitle() {
    var number = config.functions().size();
    return number == 1 ? "1 function" : number + " functions";
  }

  private List<Line> functionLines() {
    if (config.functions().isEmpty()) {
      return List.of();
    }
    var isDetailed = config.functions().size() <= DETAILED;
    var lines = new ArrayList<>(plain(List.of(Counts.of(podsOf(functions)))));
    config
        .functions()
        .forEach(
            (name, function) -> {
              if (isDetailed) {
                lines.add(new Line("", Font.TEXT));
                lines.add(new Line(name, Font.NAME));
                lines.addAll(plain(List.of(pods(Families.workload(name)), traits(function))));
              } else {
                lines.add(new Line(name, Font.TEXT));
              }
            });
    return lines;
  }

  private static String traits(FunctionConfig function) {
    var traits = new ArrayList<String>();
    function.http().ifPresent(http -> traits.add("http"));
    function.queue().ifPresent(queue -> traits.add("queue"));
    if (!function.cron().isEmpty()) {
      traits.add("cron");
    }
    function
        .database()
        .ifPresent(
            database ->
                traits.add(
                    (database.grant() == Grant.READ ? "reads " : "writes ") + database.name()));
    return String.join(", ", traits);
  }

  private List<String> poolerLines() {
    return List.of(
        pods("postgres/pgbouncer"),
        "%s pooling"
            .formatted(config.postgres().pooler().poolMode().name().toLowerCase(Locale.ROOT)),
        "%d clients".formatted(config.postgres().pooler().maxClientConn()));
  }

  private List<String> postgresLines() {
    var postgres = config.postgres();
    var lines = new ArrayList<String>();
    lines.add(pods("postgres/postgres"));
    lines.add(
        postgres
            .backup()
            .map(backup -> "backups: " + (backup.repository().s3().isPresent() ? "S3" : "volume"))
            .orElse("no backups"));
    lines.add("databases:");
    lines.addAll(postgres.databases().keySet());
    return lines;
  }
}
