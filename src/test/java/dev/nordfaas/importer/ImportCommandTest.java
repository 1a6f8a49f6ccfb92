package dev.nordfaas.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.config.check.InvalidStackConfigException;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ImportCommandTest {
  private static final Path FILES = Path.of("src/test/resources/importer");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  /** What the command prints, and its exit status. */
  private record Outcome(int status, String out, String err) {
    List<String> messages() {
      return err.lines().toList();
    }
  }

  private static Outcome run(Map<String, String> variables, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var status =
        ImportCommand.run(
            args,
            variables,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Outcome convert(String yaml) throws IOException {
    return run(Map.of(), Files.writeString(folder.resolve("stack.yml"), yaml).toString());
  }

  /** The function {@code fn}, with an image and these keys. */
  private Outcome function(String keys) throws IOException {
    return convert(
        "provider: {name: openfaas}\nfunctions:\n  fn:\n    image: example.no/fn:1\n"
            + keys.indent(4));
  }

  private static Outcome file(String name) {
    return run(Map.of(), FILES.resolve(name + ".yml").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop", "media", "nightly", "anchors", "old"})
  void convertsFilesAsUsersHaveThem(String name) {
    var outcome = file(name);

    assertThat(outcome.status()).as(outcome.err()).isZero();
    Golden.assertMatches("importer/%s.yaml".formatted(name), outcome.out());
    Golden.assertMatches("importer/%s.messages.txt".formatted(name), outcome.err());
  }

  /** With their secrets set, and tags instead of latest. */
  @ParameterizedTest
  @ValueSource(strings = {"shop", "media", "nightly", "anchors", "old"})
  void theResultSatisfiesTheRules(String name) throws IOException {
    var functions = (ObjectNode) JSON.readTree(functionsOf(file(name).out()));
    functions.forEach(
        function -> {
          var image = function.path("image").asString();
          if (image.endsWith(":latest") || !image.substring(image.lastIndexOf('/')).contains(":")) {
            ((ObjectNode) function).put("image", image.replaceFirst("(:latest)?$", ":1"));
          }
          if (function.get("http") instanceof ObjectNode http) {
            http.putObject("auth").put("public", true);
          }
          if (function.get("secrets") instanceof ObjectNode secrets) {
            secrets.propertyNames().stream().toList().forEach(it -> secrets.put(it, "geheim"));
          }
        });
    var sections = new HashMap<>(Fixtures.source("oslo").sections());
    var all = (ObjectNode) JSON.readTree(sections.get("functions"));
    functions.properties().forEach(it -> all.set(it.getKey(), it.getValue()));
    sections.put("functions", all.toString());
    var nodes = (ObjectNode) JSON.readTree(sections.get("nodes"));
    var node = (ObjectNode) nodes.get("oslo-1");
    node.put("vcpu", 16);
    node.putObject("labels").put("example.no/disk", "nvme");
    sections.put("nodes", nodes.toString());
    sections.put(
        "openfaas",
        """
        {"edition": "standard", "license": "x", "gateway":
          {"upstreamTimeout": "3m", "readTimeout": "4m", "writeTimeout": "4m"}}
        """);
    var source =
        new ConfigSource(
            "oslo",
            sections,
            functions.toString().contains("geheim")
                ? Set.of("edge", "openfaas", "functions")
                : Set.of("edge", "openfaas"));

    assertThat(ConfigLoader.load(source, Rules::check).config().functions())
        .containsKeys(functions.propertyNames().toArray(String[]::new));
  }

  /** The section as the loader reads it from the stack's file. */
  private String functionsOf(String out) throws IOException {
    var stack = Files.writeString(folder.resolve("Pulumi.x.yaml"), "config:\n" + out);
    return ConfigSource.fromFile(stack).sections().get("functions");
  }

  @Test
  void thePreviewSaysWhichSecretsAndTagsAreMissing() throws IOException {
    var sections = new HashMap<>(Fixtures.source("oslo").sections());
    sections.put("functions", functionsOf(file("shop").out()));

    assertThatThrownBy(() -> ConfigLoader.load(new ConfigSource("oslo", sections, Set.of("edge"))))
        .isInstanceOf(InvalidStackConfigException.class)
        .hasMessageContaining(
            "nordfaas:functions.cart.secrets.cart-db-password: has no value; give it one or remove the key\n")
        .hasMessageContaining(
            "nordfaas:functions.cart.secrets.payment-api-key: has no value; give it one or remove the key\n")
        .hasMessageContaining(
            "nordfaas:functions.receipts.image: \"ghcr.io/fjellshop/receipts:latest\" is not valid; use an image with a tag other than latest")
        .hasMessageContaining("(3 problems)");
  }

  /** Every key of a file makes a difference: without it, the result or the messages are others. */
  @ParameterizedTest
  @ValueSource(strings = {"shop", "media", "nightly", "anchors", "old"})
  void everyKeyIsInTheResultOrInTheMessages(String name) throws IOException {
    Files.copy(FILES.resolve("shop.env.yml"), folder.resolve("shop.env.yml"));
    var text = Files.readString(FILES.resolve(name + ".yml"));
    var whole = convert(dumped(load(text)));
    assertThat(whole.status()).as(whole.err()).isZero();
    var leaves = new ArrayList<List<Object>>();
    collect(load(text), List.of(), leaves);
    // What a merged map has is overridden by keys beside it, and then means nothing.
    leaves.removeIf(path -> path.contains("<<"));

    assertThat(leaves).hasSizeGreaterThan(9);
    for (var leaf : leaves) {
      var rest = load(text);
      remove(rest, leaf);
      assertThat(essence(convert(dumped(rest))))
          .as("without %s", leaf)
          .isNotEqualTo(essence(whole));
    }
  }

  private static String essence(Outcome outcome) {
    return outcome.out() + outcome.err().replaceAll("stack\\.yml:[0-9]+:", "");
  }

  private static Object load(String yaml) {
    return new Load(LoadSettings.builder().build()).loadFromString(yaml);
  }

  /** Without aliases: each place has its own copy. */
  private static String dumped(Object value) {
    return new Dump(DumpSettings.builder().build()).dumpToString(copy(value));
  }

  private static Object copy(Object value) {
    if (value instanceof Map<?, ?> map) {
      var copy = new LinkedHashMap<Object, Object>();
      map.forEach((key, it) -> copy.put(key, copy(it)));
      return copy;
    }
    return value instanceof List<?> list
        ? list.stream().map(ImportCommandTest::copy).toList()
        : value;
  }

  private static void collect(Object value, List<Object> path, List<List<Object>> leaves) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((key, it) -> collect(it, plus(path, key), leaves));
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      IntStream.range(0, list.size()).forEach(i -> collect(list.get(i), plus(path, i), leaves));
    } else {
      leaves.add(path);
    }
  }

  private static List<Object> plus(List<Object> path, Object last) {
    return Stream.concat(path.stream(), Stream.of(last)).toList();
  }

  private static void remove(Object root, List<Object> path) {
    var owner = root;
    for (var key : path.subList(0, path.size() - 1)) {
      owner = owner instanceof Map<?, ?> map ? map.get(key) : ((List<?>) owner).get((Integer) key);
    }
    var last = path.get(path.size() - 1);
    if (owner instanceof Map<?, ?> map) {
      map.remove(last);
    } else {
      ((List<?>) owner).remove((int) last);
    }
  }

  /** Keys of a function, and the lines about them. */
  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            "limits: 5",
            "functions.fn.limits: is \"5\", not a map; write names and their values below it"),
        Arguments.of(
            "limits: {memory: 128m}",
            "functions.fn.limits.memory: \"128m\" is no amount of memory; write bytes with Ki, Mi, Gi, k, M or G, such as 128Mi; m is a thousandth of a byte"),
        Arguments.of(
            "limits: {memory: 128MB}",
            "functions.fn.limits.memory: \"128MB\" is no amount of memory; write bytes with Ki, Mi, Gi, k, M or G, such as 128Mi; m is a thousandth of a byte"),
        Arguments.of(
            "limits: {cpu: lots}",
            "functions.fn.limits.cpu: \"lots\" is no amount of CPU; write cores or millicores, such as 2 or 250m"),
        Arguments.of(
            "limits: {cpu: [1]}",
            "functions.fn.limits.cpu: is a list, not a text; write one value"),
        Arguments.of(
            "{limits: {memory: 1Gi}, requests: {memory: 2Gi}}",
            "functions.fn.limits.memory: 1Gi is below the request of 2Gi; Kubernetes takes no such pod; raise it or lower the request"),
        Arguments.of(
            "secrets: api-key",
            "functions.fn.secrets: is \"api-key\", not a list; write each value behind a dash"),
        Arguments.of(
            "secrets: [{name: x}]",
            "functions.fn.secrets[0]: is a map, not a text; write one value"),
        Arguments.of(
            "environment: [A=b]",
            "functions.fn.environment: is a list, not a map; write names and their values below it"),
        Arguments.of(
            "readonly_root_filesystem: yes please",
            "functions.fn.readonly_root_filesystem: is \"yes please\"; write true or false"),
        Arguments.of("environment_file: [none.yml]", "none.yml: there is no such file"),
        Arguments.of(
            "environment: {A: '${NOT_THERE}'}",
            "functions.fn.environment.A: the variable NOT_THERE is not set; set it, or give it a default: ${NOT_THERE:-default}"),
        Arguments.of(
            "environment: {A: '${B:+c}'}",
            "\"${B:+c}'}\" is a form of substitution that is not supported; use ${NAME} or ${NAME:-default}"),
        Arguments.of(
            "environment: &e {A: *e}",
            "functions.fn.environment: contains itself; remove the alias"),
        Arguments.of(
            "{labels: {a: 1}, labels: {a: 2}}",
            "functions.fn.labels: is there twice; remove one of the two"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatFaasCliOrKubernetesRefuses(String keys, String message) throws IOException {
    var yaml =
        "provider: {name: openfaas}\nfunctions:\n  fn:\n"
            + (keys.startsWith("{")
                ? "    " + keys.replaceFirst("\\{", "{image: example.no/fn:1, ") + "\n"
                : "    image: example.no/fn:1\n    " + keys + "\n");
    var outcome = convert(yaml);

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains(message).doesNotContain("\tat ", "Exception");
  }

  /** Whole files, and the lines about them. */
  static Stream<Arguments> hostile() {
    return Stream.of(
        Arguments.of("", "stack.yml: is empty; name a stack.yml"),
        Arguments.of("- a\n- b\n", "stack.yml: is a list, not a map; name a stack.yml"),
        Arguments.of("functions: {a: [}", "stack.yml:1: is not YAML: "),
        Arguments.of("a: 1\n---\nb: 2\n", "stack.yml:2: is not YAML: "),
        Arguments.of(
            "functions: {}\n",
            "stack.yml: functions: there are none; name a stack.yml with functions, each with its keys below its name"),
        Arguments.of(
            "version: 2.0\nfunctions: {a: {image: a:1}}\n",
            "stack.yml:1: version: is \"2.0\", but faas-cli knows only 1.0; write 1.0"),
        Arguments.of(
            "provider: {name: aws}\nfunctions: {a: {image: a:1}}\n",
            "stack.yml:1: provider.name: is \"aws\", so this is no file of OpenFaaS; write openfaas"),
        Arguments.of(
            "functions:\n  a: {image: a:1}\n  a: {image: a:2}\n",
            "stack.yml:3: functions.a: is there twice; remove one of the two"),
        Arguments.of(
            "functions:\n  Not_A_Label: {image: a:1}\n",
            "stack.yml:2: functions.Not_A_Label: the name \"Not_A_Label\" is not valid; use a letter, then lower-case letters, digits and '-', at most 56 characters, such as order-processor"),
        Arguments.of(
            "functions:\n  a:\n    lang: go\n",
            "stack.yml:2: functions.a: has no image; add it: image: registry.example.no/faas/a:0.1.0"),
        Arguments.of(
            "functions: {a: 5}\n",
            "stack.yml:1: functions.a: is \"5\", not a function; write its keys below its name"),
        Arguments.of(
            "functions:\n  a: {image: '${X'}\n",
            "stack.yml:2: \"${X'}\" is a form of substitution that is not supported"),
        Arguments.of(
            "x: " + "[".repeat(100_000),
            "stack.yml: has values more than 50 levels deep; write it flatter"),
        Arguments.of(
            bomb(), "stack.yml: has more than 50000 values, with its aliases expanded; split it"),
        Arguments.of("x: &x [*x]\nfunctions: {a: {image: a:1}}\n", "contains itself"),
        Arguments.of("#".repeat((1 << 20) + 1), "stack.yml: has more than 1 MiB; split it"));
  }

  private static String bomb() {
    return IntStream.range(1, 10)
        .mapToObj(i -> "a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)))
        .collect(Collectors.joining("", "a0: &a0 [x]\n", "functions: {f: {image: a:1}}\n"));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void saysWhatIsWrongWithAFile(String yaml, String message) throws IOException {
    var outcome = convert(yaml);

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).contains(message).doesNotContain("\tat ", "Exception");
  }

  @Test
  void saysThatAFileIsNoTextOrNotThere() throws IOException {
    var binary = Files.write(folder.resolve("stack.yml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    assertThat(run(Map.of(), binary.toString()).err())
        .endsWith(
            "cannot be converted (1 problem):\n  stack.yml: is not text in UTF-8; convert it\n");
    assertThat(run(Map.of(), folder.toString()).err()).contains("is not a file; name a stack.yml");
    assertThat(run(Map.of(), folder.resolve("none.yml").toString()).err())
        .endsWith("  none.yml: there is no such file; name a stack.yml\n");
  }

  @Test
  void saysAllProblemsAtOnce() throws IOException {
    assertThat(convert("functions:\n  a: {limits: 5}\n  b: {image: b:1, secrets: x}\n").messages())
        .hasSize(4)
        .first()
        .asString()
        .endsWith("stack.yml cannot be converted (3 problems):");
  }

  @Test
  void substitutesVariablesAsFaasCliDoes() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("stack.yml"),
            """
            # A comment may name ${ANYTHING}.
            functions:
              fn:
                image: ${REGISTRY:-none}/fn:${TAG:-${DEFAULT_TAG:-1}}
                environment:
                  empty: "${EMPTY}"
                  price: $$5
                  literal: $${REGISTRY}
            """);
    var outcome = run(Map.of("REGISTRY", "example.no", "EMPTY", ""), file.toString());

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains(
            "image: example.no/fn:1\n",
            "empty: \"\"\n",
            "price: \"$5\"\n",
            "literal: \"${REGISTRY}\"\n");
  }

  @Test
  void countsLinesInTheFileWhateverIsSubstituted() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("stack.yml"),
            "functions:\n  fn:\n    image: example.no/fn:1 ${LINES}\n    limits: 5\n");

    assertThat(run(Map.of("LINES", "#\n#\n#\n"), file.toString()).err())
        .contains("stack.yml:4: functions.fn.limits: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0755",
        "1e3",
        "NO",
        "yes",
        "null",
        "~",
        "",
        " x ",
        "# x",
        "a: b",
        "a\tb",
        "x\\ny",
        "\u2028",
        "\u0085",
        "'",
        "\"",
        "{a: b}",
        "[a]",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "-",
        "- a",
        "?",
        "|",
        ">",
        "1.0",
        ".inf",
        "2026-11-28",
        "☕",
        "c:\\dir",
        "https://example.no/?a=1&b=2#c"
      })
  void writesEveryTextSoThatItIsReadBack(String text) throws IOException {
    var quoted = JSON.writeValueAsString(text.replace("\\n", "\n")).replace("\\\\", "\\\\\\\\");
    var outcome =
        function(
            "environment: {V: "
                + quoted.replace("\u0085", "\\u0085").replace("\u2028", "\\u2028")
                + "}");

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(JSON.readTree(functionsOf(outcome.out())).at("/fn/environment/V").stringValue())
        .isEqualTo(text.replace("\\n", "\n"));
  }

  /** Keys of a function, and a line of the result. */
  static Stream<Arguments> amounts() {
    return Stream.of(
        Arguments.of("limits: {memory: 128Mi}", "memory: \"128Mi\""),
        Arguments.of("limits: {memory: 1G}", "memory: \"1G\""),
        Arguments.of("limits: {memory: 1.5Gi}", "memory: \"1536Mi\""),
        Arguments.of("limits: {memory: 134217728}", "memory: \"128Mi\""),
        Arguments.of("limits: {memory: 1e9}", "memory: \"976563Ki\""),
        Arguments.of("limits: {cpu: 100m}", "cpu: \"100m\""),
        Arguments.of("limits: {cpu: 0.25}", "cpu: \"250m\""),
        Arguments.of("limits: {cpu: 2}", "cpu: \"2\""),
        Arguments.of("environment: {exec_timeout: 90}", "timeout: \"90s\""),
        Arguments.of("environment: {write_timeout: 1h30m}", "timeout: \"90m\""),
        Arguments.of(
            "annotations: {topic: cron-function, schedule: '@hourly'}", "schedule: \"0 * * * *\""));
  }

  @ParameterizedTest
  @MethodSource("amounts")
  void writesAmountsInTheConfigsNotation(String keys, String line) throws IOException {
    assertThat(function(keys).out().lines().map(String::strip)).contains(line);
  }

  @Test
  void leavesOutWhatTheConfigRefusesWithItsReason() throws IOException {
    var outcome =
        function("environment:\n  my-var: 1\nlabels:\n  note: two words\nsecrets: [UPPER]");

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.messages())
        .contains(
            "stack.yml:6: functions.fn.environment.my-var: left out: the name \"my-var\" is not valid; use an environment variable's name, such as LOG_LEVEL",
            "stack.yml:8: functions.fn.labels.note: left out: \"two words\" is not valid; use a Kubernetes label value, such as rack-1");
    assertThat(outcome.out()).doesNotContain("my-var", "two words", "UPPER");
  }

  /** docs/functions.md: the file before "becomes", and what it becomes. */
  @Test
  void theExampleInTheDocumentationIsTrue() throws IOException {
    var text = Files.readString(Path.of("docs/functions.md"));
    var example =
        text.substring(text.indexOf("## Coming from OpenFaaS"), text.indexOf("\nThen:\n"));
    var parts = example.substring(example.indexOf("    functions:\n")).split("\nbecomes\n");

    assertThat(convert(parts[0].indent(-4)).out())
        .isEqualTo(parts[1].indent(-4).replaceAll("^\\n+|\\n+$", "") + "\n");
  }

  @Test
  void explainsItself() throws IOException, InterruptedException {
    assertThat(run(Map.of(), "--help").out()).startsWith("Usage: ");
    assertThat(run(Map.of()).status()).isEqualTo(2);
    assertThat(run(Map.of(), "a", "b").err()).startsWith("Usage: ");
    assertThat(tool("--help")).isZero();
    assertThat(tool()).isEqualTo(2);
    assertThat(tool("--unknown")).isEqualTo(2);
    assertThat(tool("a", "b")).isEqualTo(2);
  }

  private static int tool(String... args) throws IOException, InterruptedException {
    var command = Stream.concat(Stream.of("tools/import-functions"), Stream.of(args)).toList();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
