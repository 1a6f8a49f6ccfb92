package dev.nordfaas.config.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.nordfaas.config.check.BadConfigs;
import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.SplitStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

class ReferenceTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docs/stack-config.md",
        "docs/stack-config.schema.json",
        "docs/function-file.schema.json"
      })
  void isUpToDate(String name) throws IOException {
    var file = Path.of(name);
    var generated = ReferenceGenerator.files().get(file);
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, generated);
    }
    assertThat(Files.readString(file))
        .as("%s is stale; run `make docs` and commit it", file)
        .isEqualTo(generated);
  }

  @Test
  void exampleIsValid(@TempDir Path folder) throws IOException {
    var page = ReferenceGenerator.files().get(Path.of("docs/stack-config.md"));
    var yaml = page.substring(page.indexOf("```yaml\n") + 8, page.lastIndexOf("```\n"));

    var file = Files.writeString(folder.resolve("Pulumi.oslo.yaml"), yaml);

    assertThat(ConfigLoader.load(ConfigSource.fromFile(file), Rules::check).config().functions())
        .containsOnlyKeys("quotes");
    assertThat(violations(yaml)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.Fixtures#stacks")
  void schemaAcceptsValidStack(String stack) {
    assertThat(violations(Fixtures.text(stack))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.testing.Fixtures#stacks")
  void firstLineOfStackNamesSchema(String stack) {
    var schema = Fixtures.text(stack).lines().findFirst().orElseThrow().split("=", 2);

    assertThat(schema[0]).isEqualTo("# yaml-language-server: $schema");
    assertThat(Fixtures.file(stack).resolveSibling(schema[1]).normalize())
        .isEqualTo(Path.of("docs/stack-config.schema.json"));
  }

  @Test
  void schemaAcceptsEncryptedSecretsAndOtherNamespaces() {
    var yaml =
        Fixtures.text("oslo")
            + "  nordfaas:ssh:\n    privateKey:\n      secure: v1:abc\n"
            + "  kubernetes:namespace: x\n"
            + "encryptionsalt: v1:abc\n";

    assertThat(violations(yaml)).isEmpty();
  }

  @Test
  void schemaAcceptsWholeNumbersOfTexts() {
    var patch =
        "set: {nordfaas:host.sysctls: {net.core.somaxconn: 16384}, nordfaas:nodes.oslo-1.labels:"
            + " {rack: 7}, nordfaas:functions.order-status.environment: {ZERO: 0}}";

    assertThat(violations(BadConfigs.oslo(patch))).isEmpty();
  }

  @Test
  void schemaStrikesThroughEarlierNames() {
    var schema =
        new JsonMapper()
            .readTree(ReferenceGenerator.files().get(Path.of("docs/stack-config.schema.json")));

    var node = schema.at("/properties/config/properties/nordfaas:edge/properties/node");

    assertThat(node.path("deprecationMessage").asString())
        .isEqualTo("Now nodes, a list. Accepted until 0.2.");
    assertThat(node.path("deprecated").asBoolean()).isTrue();
    assertThat(node.path("type").asString()).isEqualTo("string");
  }

  @Test
  void pageListsEarlierNames() {
    assertThat(ReferenceGenerator.files().get(Path.of("docs/stack-config.md")))
        .contains(
            "| `functions.<name>.http.path` | now `functions.<name>.http.paths`, a list | 0.1 | 0.2 |");
  }

  @Test
  void guideShowsATimeThatARoleCanExpireAt() throws IOException {
    var shown =
        Pattern.compile("`database\\.(validUntil: [^`]+)`")
            .matcher(Files.readString(Path.of("docs/postgres.md")));
    assertThat(shown.find()).isTrue();

    var patch =
        "set: {nordfaas:functions.order-processor.database: {name: orders, %s}}"
            .formatted(shown.group(1));

    assertThat(PatchedConfig.of("oslo", patch).functions()).containsKey("order-processor");
    assertThat(violations(BadConfigs.oslo(patch))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.nordfaas.config.check.BadConfigs#all")
  void schemaRefusesWhatOneKeyShows(BadConfigs.Case bad) {
    assertThat(!violations(bad.yaml()).isEmpty()).isEqualTo(bad.refusedBySchema());
  }

  @Test
  void pulumiYamlDescribesEverySection() throws IOException {
    var project = new YAMLMapper().readTree(Files.readString(Path.of("Pulumi.yaml")));

    for (var section : ConfigModel.stackConfig().keys()) {
      var declared = project.at("/config/nordfaas:" + section.name());
      assertThat(declared.path("description").asString())
          .as(section.name())
          .isEqualTo(section.key().value());
      assertThat(declared.path("default").isEmpty()).isTrue();
      assertThat(declared.has("type")).isFalse();
    }
    assertThat(project.get("config")).hasSameSizeAs(ConfigModel.stackConfig().keys());
  }

  @Test
  void schemasAcceptAStackInFiles() {
    var split = SplitStack.of("oslo");

    assertThat(violations(split.config())).isEmpty();
    assertThat(split.files().values()).allSatisfy(file -> assertThat(ofFile(file)).isEmpty());
  }

  @Test
  void schemasAcceptAFunctionInTwoFiles() {
    var own = "  nordfaas:functions: {order-status: {secrets: {key: {secure: v1:abc}}}}\n";

    assertThat(violations(SplitStack.of("oslo").config() + own)).isEmpty();
    assertThat(ofFile("order-status: {scale: {min: 2}}\n")).isEmpty();
  }

  @Test
  void schemaAsksForAWholeFunctionWhereThereAreNoFiles() {
    assertThat(violations(BadConfigs.oslo("set: {nordfaas:functions.vat: {scale: {min: 2}}}")))
        .singleElement()
        .asString()
        .contains("required property 'image' not found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vat: {image: r/vat:1, secrets: {key: {secure: v1:abc}}}",
        "vat: {imag: r/vat:1}",
        "vat: {image: r/vat:1, egress: [{host: 192.0.2.1}]}",
        "Vat: {image: r/vat:1}",
        "nordfaas:functions: {vat: {image: r/vat:1}}",
        "[vat]",
        "{}"
      })
  void schemaOfAFileRefuses(String file) {
    assertThat(ofFile(file)).isNotEmpty();
  }

  private static List<Error> ofFile(String yaml) {
    return violations(yaml, "docs/function-file.schema.json");
  }

  private static List<Error> violations(String yaml) {
    return violations(yaml, "docs/stack-config.schema.json");
  }

  private static List<Error> violations(String yaml, String schema) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
        .getSchema(ReferenceGenerator.files().get(Path.of(schema)))
        .validate(yaml, InputFormat.YAML);
  }
}
