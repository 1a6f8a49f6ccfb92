package dev.nordfaas.render;

import com.pulumi.test.PulumiTest;
import dev.nordfaas.Platform;
import dev.nordfaas.host.HostFile;
import dev.nordfaas.host.UserData;
import dev.nordfaas.k3s.K3sConfigFile;
import dev.nordfaas.k3s.K3sFiles;
import dev.nordfaas.k3s.Topology;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.CheckedPlan;
import dev.nordfaas.report.ReportCommand;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * Renders a stack's files: each host's user-data and K3s files, and the Kubernetes objects and
 * patches that the program registers. The same stack always gives the same bytes, without secrets.
 */
public final class Renderer {
  /** Where the names of the placeholders are listed. */
  static final String VARIABLES = "secrets.env";

  /** What the config means, for who decides on it. */
  private static final String REPORT = "report.md";

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLWriteFeature.LITERAL_BLOCK_STYLE)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .build();

  private Renderer() {}

  /** The same files as of its plan, and the stack's report. */
  static SortedMap<String, String> render(String stack, CheckedPlan checked) {
    var files = render(checked.plan());
    files.put(REPORT, ReportCommand.ofConfig(stack, checked));
    return files;
  }

  /** The text of each file by its path, which has no leading slash. */
  public static SortedMap<String, String> render(Plan plan) {
    var files = new TreeMap<String, String>();
    var config = plan.config();
    var recording = record(plan);
    if (config.k3s().existing().isEmpty()) {
      putHosts(plan, recording, files);
    }
    var keys = new KeyMaterial();
    for (var object : sorted(recording).entrySet()) {
      files.put(
          object.getKey(), yaml(keys.removedFrom(object.getValue(), name(object.getValue()))));
    }
    var placeholders = new TreeSet<>(recording.placeholders());
    placeholders.addAll(keys.placeholders());
    // The seeds of keys are not in any file.
    placeholders.removeIf(
        variable ->
            files.values().stream().noneMatch(text -> text.contains("${" + variable + "}")));
    files.put(VARIABLES, variables(placeholders));
    return files;
  }

  private static void putHosts(Plan plan, Recording recording, Map<String, String> files) {
    for (var spec : plan.hosts()) {
      files.put("hosts/%s/user-data".formatted(spec.nodeName()), UserData.render(spec));
    }
    var config = plan.config();
    var topology = Topology.of(config.nodes(), config.host(), config.k3s().firstServer());
    for (var member : topology.members()) {
      var folder = "hosts/" + member.name();
      for (HostFile file : K3sFiles.of(config.k3s(), topology, member)) {
        files.put(folder + file.path(), file.content());
      }
      files.put(folder + K3sConfigFile.TOKEN_PATH, recording.token(member.name()));
      recording
          .agentToken(member.name())
          .ifPresent(token -> files.put(folder + K3sConfigFile.AGENT_TOKEN_PATH, token));
    }
  }

  private static SortedMap<String, Map<String, Object>> sorted(Recording recording) {
    var objects = new TreeMap<String, Map<String, Object>>();
    recording.objects().forEach(object -> objects.put(path("kubernetes", object), object));
    recording.patches().forEach(patch -> objects.put(path("patches", patch), patch));
    return objects;
  }

  private static String name(Map<String, Object> object) {
    return object.get("metadata") instanceof Map<?, ?> metadata
        ? String.valueOf(metadata.get("name"))
        : "";
  }

  /** Runs the program. */
  private static Recording record(Plan plan) {
    var recording = new Recording();
    try {
      PulumiTest.withMocks(recording)
          .runTest(context -> Platform.define(plan).outputs().forEach(context::export))
          .throwOnError();
    } finally {
      PulumiTest.cleanup();
    }
    return recording;
  }

  /**
   * Folders in an order that works with {@code kubectl apply --recursive}: objects without a
   * namespace come first, including the namespaces. Patches are no whole objects, and apart.
   */
  private static String path(String root, Map<String, Object> object) {
    var metadata = (Map<?, ?>) object.getOrDefault("metadata", Map.of());
    var folder =
        metadata.containsKey("namespace") ? metadata.get("namespace").toString() : "0-cluster";
    return "%s/%s/%s.%s.yaml"
        .formatted(
            root,
            folder,
            String.valueOf(object.get("kind")).toLowerCase(Locale.ROOT),
            metadata.get("name"));
  }

  private static String variables(Collection<String> placeholders) {
    return placeholders.stream()
        .map(variable -> variable + "=\n")
        .collect(
            Collectors.joining(
                "",
                """
                # What stands in the rendered files for a secret, as ${NAME}. Give each password a value of 32
                # letters and digits, the first one a letter, and each key or certificate its PEM text on one line,
                # with \\n for every line break, in a copy that no repository holds. PGBOUNCER_AUTH_USERLIST_TXT is the
                # verifier of POSTGRES_POOLER_METRICS_PASSWORD, as PostgreSQL has it in pg_authid. One that ends in
                # _CA_HASH is what stands between K10 and :: in /var/lib/rancher/k3s/server/token on the first server,
                # once K3s runs there; only stacks of several nodes have it.
                """,
                ""));
  }

  /** The value as YAML with sorted keys. */
  public static String yaml(Object value) {
    return YAML.writeValueAsString(value);
  }
}
