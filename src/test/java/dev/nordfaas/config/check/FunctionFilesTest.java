package dev.nordfaas.config.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.SplitStack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionFilesTest {
  private static final String RELATIVE =
      "correct the path, which is relative to the folder of Pulumi.yaml, or remove it";

  @TempDir private Path parent;
  private Path project;

  @BeforeEach
  void makeProject() throws IOException {
    project = Files.createDirectory(parent.resolve("project"));
    Files.writeString(project.resolve("Pulumi.yaml"), "name: nordfaas\n");
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(project.resolve(file).getParent());
    Files.writeString(project.resolve(file), text);
  }

  /** Oslo with these files of functions and, below {@code nordfaas:functions}, these of its own. */
  private ConfigSource source(String files, String own) throws IOException {
    var oslo = Fixtures.text("oslo");
    var config = oslo.substring(0, oslo.indexOf("  nordfaas:functions:\n"));
    return source(
        config + "  nordfaas:functionFiles: %s\n  nordfaas:functions: %s\n".formatted(files, own));
  }

  private ConfigSource source(String config) throws IOException {
    return ConfigSource.fromFile(Files.writeString(project.resolve("Pulumi.oslo.yaml"), config));
  }

  private Map<String, FunctionConfig> functions(String files, String own) throws IOException {
    return ConfigLoader.load(source(files, own)).functions();
  }

  private List<String> problems(String files, String own) throws IOException {
    var source = source(files, own);
    return problems(() -> ConfigLoader.load(source)).stream().map(Object::toString).toList();
  }

  private List<String> problems(String files) throws IOException {
    return problems(files, "{}");
  }

  private static List<Problems.Problem> problems(Runnable load) {
    return catchThrowableOfType(InvalidStackConfigException.class, load::run).problems();
  }

  private String problem(String text) throws IOException {
    write("teams/vat.yaml", text);
    var problems = problems("[teams/vat.yaml]");
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }

  @Test
  void aStackInFilesIsTheSameAsInOne() throws IOException {
    var split = SplitStack.of("oslo");
    split.writeFiles(project);

    assertThat(split.files()).hasSize(2);
    assertThat(ConfigLoader.load(source(split.config()), Rules::check).config())
        .usingRecursiveComparison()
        .isEqualTo(Fixtures.oslo());
  }

  @Test
  void theProjectOfAFileElsewhereIsTheWorkingDirectory() throws IOException {
    Files.delete(project.resolve("Pulumi.yaml"));

    assertThat(source("[]", "{}").project()).isEqualTo(Path.of(""));
  }

  @Test
  void takesTheSecretsOfAFunctionFromTheStacksOwnFile() throws IOException {
    write("teams/vat.yaml", "vat: {image: r/vat:1}\n");

    var vat = functions("[teams/*.yaml]", "{vat: {secrets: {rates: {secure: v1:abc}}}}").get("vat");

    assertThat(vat.image()).isEqualTo("r/vat:1");
    assertThat(vat.secrets()).containsOnlyKeys("rates");
  }

  @Test
  void putsMapsOfAFunctionTogether() throws IOException {
    write("teams/a.yaml", "vat: {scale: {min: 2}, environment: {A: a}}\n");
    write("teams/b.yaml", "vat: {image: r/vat:1, environment: {B: b}}\n");

    var vat =
        functions("[teams/*.yaml]", "{vat: {scale: {max: 4}, environment: {C: c}}}").get("vat");

    assertThat(vat.scale().min()).isEqualTo(2);
    assertThat(vat.scale().max()).isEqualTo(4);
    assertThat(vat.environment()).isEqualTo(Map.of("A", "a", "B", "b", "C", "c"));
  }

  @Test
  void keepsFunctionsThatAreInNoFile() throws IOException {
    write("teams/vat.yaml", "vat: {image: r/vat:1}\n");

    assertThat(functions("[teams/*.yaml]", "{hello: {image: r/hello:1}}"))
        .containsOnlyKeys("hello", "vat");
  }

  @Test
  void readsAFileOnceThatTwoPathsLeadTo() throws IOException {
    write("teams/vat.yaml", "vat: {image: r/vat:1}\n");

    assertThat(functions("[teams/vat.yaml, teams/*.yaml, '**/vat.yaml']", "{}"))
        .containsOnlyKeys("vat");
  }

  @ParameterizedTest
  @CsvSource({
    "teams/*.yaml, a",
    "teams/?.yaml, a",
    "'**/*.yaml', a b",
    "'teams/**/*.yaml', a b",
    "'teams/**/**/*.yaml', a b",
    "'*/more/b.yaml', b",
    "teams/.c.yaml, c",
    "teams/d.yml, d"
  })
  void findsFiles(String pattern, String found) throws IOException {
    write("teams/a.yaml", "a: {image: r/a:1}\n");
    write("teams/more/b.yaml", "b: {image: r/b:1}\n");
    write("teams/.c.yaml", "c: {image: r/c:1}\n");
    write("teams/d.yml", "d: {image: r/d:1}\n");
    Files.move(project.resolve("Pulumi.yaml"), project.resolve("Pulumi.yml"));
    var source = source("['%s']".formatted(pattern), "{}");
    Files.delete(project.resolve("Pulumi.oslo.yaml"));

    assertThat(
            ConfigLoader.load(
                    new ConfigSource("oslo", source.sections(), source.secretSections(), project))
                .functions()
                .keySet())
        .containsExactly(found.split(" "));
  }

  @Test
  void readsNumbersAsTheStacksOwnFileDoes() throws IOException {
    write("teams/vat.yaml", "vat: {image: r/vat:1, environment: {A: 012, B: '012', C: 1_000}}\n");

    assertThat(functions("[teams/*.yaml]", "{}").get("vat").environment())
        .isEqualTo(Map.of("A", "10", "B", "012", "C", "1000"));
  }

  @Test
  void readsAnchors() throws IOException {
    write("teams/vat.yaml", "a: &a {image: r/a:1, timeout: 5s}\nb: {<<: *a, image: r/b:1}\n");

    var functions = functions("[teams/*.yaml]", "{}");

    assertThat(functions.get("b").image()).isEqualTo("r/b:1");
    assertThat(functions.get("b").timeout()).isEqualTo(functions.get("a").timeout());
  }

  @Test
  void refusesAValueInTwoFiles() throws IOException {
    write("teams/a.yaml", "vat: {image: r/vat:1}\n");
    write("teams/b.yaml", "vat: {image: r/vat:1}\n");

    assertThat(problems("[teams/*.yaml]"))
        .containsExactly(
            "nordfaas:functions.vat.image (teams/a.yaml): is also in teams/b.yaml; keep it in one of"
                + " them");
  }

  @Test
  void refusesAValueInAFileAndInTheStacksOwn() throws IOException {
    write("teams/vat.yaml", "vat: {image: r/vat:1, egress: [{host: 192.0.2.1, port: 1}]}\n");

    assertThat(problems("[teams/*.yaml]", "{vat: {egress: [{host: 192.0.2.2, port: 1}]}}"))
        .containsExactly(
            "nordfaas:functions.vat.egress (teams/vat.yaml): is also in Pulumi.oslo.yaml; keep it in"
                + " one of them");
  }

  @Test
  void refusesSecrets() throws IOException {
    assertThat(problem("vat: {image: r/vat:1, secrets: {rates: hunter2}}\n"))
        .isEqualTo(
            "nordfaas:functions.vat.secrets.rates (teams/vat.yaml): is a secret, and this file is not"
                + " encrypted; remove it here, and set it with `pulumi config set --secret --path"
                + " 'nordfaas:functions.vat.secrets.rates'`");
  }

  @Test
  void refusesSecretsThatHaveNoNames() throws IOException {
    assertThat(problem("vat: {image: r/vat:1, secrets: hunter2}\n"))
        .isEqualTo(
            "nordfaas:functions.vat.secrets (teams/vat.yaml): is a secret, and this file is not"
                + " encrypted; remove it here, and set it with `pulumi config set --secret --path"
                + " 'nordfaas:functions.vat.secrets.NAME'`");
  }

  /** Where others are encrypted, nobody could tell it from those. */
  @Test
  void refusesSecretsWhereTheStacksOwnFileHasSomeToo() throws IOException {
    write("teams/vat.yaml", "vat: {image: r/vat:1, secrets: {rates: hunter2}}\n");

    assertThat(problems("[teams/*.yaml]", "{vat: {secrets: {rates: {secure: v1:abc}}}}"))
        .singleElement()
        .asString()
        .startsWith(
            "nordfaas:functions.vat.secrets.rates (teams/vat.yaml): is a secret, and this file");
  }

  @Test
  void refusesEncryptedSecretsToo() throws IOException {
    assertThat(problem("vat: {image: r/vat:1, secrets: {rates: {secure: v1:abc}}}\n"))
        .startsWith(
            "nordfaas:functions.vat.secrets.rates (teams/vat.yaml): is a secret, and this file");
  }

  @Test
  void refusesOtherEncryptedValues() throws IOException {
    assertThat(problem("vat: {image: r/vat:1, environment: {A: {secure: v1:abc}}}\n"))
        .isEqualTo(
            "nordfaas:functions.vat.environment.A (teams/vat.yaml): is encrypted, and Pulumi decrypts"
                + " nothing in this file; write it as it is, or into Pulumi.oslo.yaml if it is a"
                + " secret");
  }

  @Test
  void refusesEncryptedElements() throws IOException {
    assertThat(
            problem("vat: {image: r/vat:1, http: {auth: {public: true}, paths: [{secure: x}]}}\n"))
        .startsWith(
            "nordfaas:functions.vat.http.paths[0] (teams/vat.yaml): is encrypted, and Pulumi");
  }

  @Test
  void refusesAFileThatIsNotThere() throws IOException {
    assertThat(problems("[teams/vat.yaml]"))
        .containsExactly("nordfaas:functionFiles[0]: teams/vat.yaml is not there; " + RELATIVE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"teams/*.yaml", "**/v?t.yaml", "*/*/vat.yaml"})
  void refusesAPathThatMatchesNothing(String pattern) throws IOException {
    assertThat(problems("['%s']".formatted(pattern)))
        .containsExactly(
            "nordfaas:functionFiles[0]: \"%s\" matches no file; %s".formatted(pattern, RELATIVE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/vat.yaml",
        "../vat.yaml",
        "teams/../../vat.yaml",
        "./vat.yaml",
        "teams//vat.yaml",
        "teams/vat.json",
        "teams/{a,b}.yaml",
        "teams/[ab].yaml",
        ""
      })
  void refusesOtherPaths(String path) throws IOException {
    assertThat(problems("['%s']".formatted(path)))
        .containsExactly(
            "nordfaas:functionFiles[0]: \"%s\" is not valid; use a path below the folder of"
                    .formatted(path)
                + " Pulumi.yaml that ends in .yaml or .yml, such as functions/*.yaml");
  }

  @Test
  void refusesWhatIsNoList() throws IOException {
    assertThat(problems("teams/vat.yaml"))
        .containsExactly(
            "nordfaas:functionFiles: is the string \"teams/vat.yaml\", not a list; write it in"
                + " brackets, such as [a, b]");
  }

  @Test
  void reportsNothingThatFollowsFromWhatIsNoList() throws IOException {
    var split = SplitStack.of("oslo");
    var source = source(split.config().replace("[teams/*.yaml]", "teams/*.yaml"));

    assertThat(problems(() -> ConfigLoader.load(source, Rules::check)))
        .extracting(Object::toString)
        .containsExactly(
            "nordfaas:functionFiles: is the string \"teams/*.yaml\", not a list; write it in brackets,"
                + " such as [a, b]");
  }

  @Test
  void refusesAFolder() throws IOException {
    write("teams/vat.yaml/a.yaml", "a: {image: r/a:1}\n");

    assertThat(problems("[teams/*.yaml]"))
        .containsExactly(
            "nordfaas:functionFiles[0] (teams/vat.yaml): is a folder; name files, such as"
                + " functions/*.yaml");
  }

  @Test
  @Timeout(20)
  void refusesWhatCannotBeReadToItsEnd() throws Exception {
    assertThat(
            new ProcessBuilder("mkfifo", project.resolve("vat.yaml").toString()).start().waitFor())
        .isZero();

    assertThat(problems("[vat.yaml]"))
        .containsExactly(
            "nordfaas:functionFiles[0] (vat.yaml): is not a file; name files, such as"
                + " functions/*.yaml");
  }

  @Test
  void refusesALinkThatLeavesTheProject() throws IOException {
    Files.writeString(parent.resolve("vat.yaml"), "vat: {image: r/vat:1}\n");
    Files.createSymbolicLink(project.resolve("vat.yaml"), Path.of("../vat.yaml"));

    assertThat(problems("[vat.yaml]"))
        .containsExactly(
            "nordfaas:functionFiles[0] (vat.yaml): leads out of the project; copy what it leads to into"
                + " the project");
  }

  @Test
  void refusesFilesInALinkedFolderOutsideOfTheProject() throws IOException {
    Files.createDirectory(parent.resolve("teams"));
    Files.writeString(parent.resolve("teams/vat.yaml"), "vat: {image: r/vat:1}\n");
    Files.createSymbolicLink(project.resolve("teams"), Path.of("../teams"));

    assertThat(problems("[teams/*.yaml]"))
        .containsExactly(
            "nordfaas:functionFiles[0] (teams/vat.yaml): leads out of the project; copy what it leads"
                + " to into the project");
  }

  @Test
  void readsALinkWithinTheProject() throws IOException {
    write("elsewhere/vat.yaml", "vat: {image: r/vat:1}\n");
    Files.createSymbolicLink(project.resolve("vat.yaml"), Path.of("elsewhere/vat.yaml"));

    assertThat(functions("[vat.yaml]", "{}")).containsOnlyKeys("vat");
  }

  @Test
  void refusesALinkToNothing() throws IOException {
    Files.createSymbolicLink(project.resolve("vat.yaml"), Path.of("nowhere.yaml"));

    assertThat(problems("[vat.yaml]"))
        .containsExactly(
            "nordfaas:functionFiles[0] (vat.yaml): cannot be read: it is a link to nothing; correct"
                + " that, or remove it");
  }

  @Test
  void refusesAFileThatIsTooLarge() throws IOException {
    assertThat(problem("vat: {image: r/vat:1}\n#" + "x".repeat(2 << 20)))
        .isEqualTo(
            "nordfaas:functionFiles[0] (teams/vat.yaml): has 2048 KiB, above the limit of 1024 KiB;"
                + " split it");
  }

  @Test
  void refusesWhatIsNotUtf8() throws IOException {
    Files.write(project.resolve("vat.yaml"), "a: 'blåbær'\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(problems("[vat.yaml]"))
        .containsExactly("nordfaas:functionFiles[0] (vat.yaml): is not UTF-8; save it as such");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# later\n", "{}\n", "null\n"})
  void refusesAnEmptyFile(String text) throws IOException {
    assertThat(problem(text))
        .isEqualTo(
            "nordfaas:functionFiles[0] (teams/vat.yaml): is empty; write functions by name, or remove"
                + " it");
  }

  @ParameterizedTest
  @CsvSource({
    "[a], a list",
    "vat, the string \"vat\"",
    "7, the number 7",
    "true, the boolean true"
  })
  void refusesAFileWithoutNames(String text, String what) throws IOException {
    assertThat(problem(text))
        .isEqualTo(
            "nordfaas:functionFiles[0] (teams/vat.yaml): has %s, not functions by name; write the name"
                    .formatted(what)
                + " of each before its keys, such as vat: {image: ...}");
  }

  @Test
  void refusesTheFirstLineOfASection() throws IOException {
    assertThat(problem("nordfaas:functions:\n  vat: {image: r/vat:1}\n"))
        .isEqualTo(
            "nordfaas:functionFiles[0] (teams/vat.yaml): has nordfaas:functions; remove that line: the"
                + " names of functions are the first level of such a file");
  }

  @Test
  void refusesWhatIsNoYaml() throws IOException {
    assertThat(problem("vat:\n  image: [r/vat:1\nhello: {}\n"))
        .matches(
            "nordfaas:functionFiles\\[0] \\(teams/vat.yaml\\): cannot be read: line 3: [^\n]+; correct that");
  }

  @Test
  void refusesAKeyThatIsThereTwice() throws IOException {
    assertThat(problem("vat:\n  image: r/vat:1\n  image: r/vat:2\n"))
        .isEqualTo(
            "nordfaas:functionFiles[0] (teams/vat.yaml): cannot be read: line 3: duplicate key 'image',"
                + " first in line 2; correct that");
  }

  @Test
  void refusesASecondDocument() throws IOException {
    assertThat(problem("vat: {image: r/vat:1}\n---\nhello: {image: r/hello:1}\n"))
        .isEqualTo(
            "nordfaas:functionFiles[0] (teams/vat.yaml): cannot be read: there is a second document in"
                + " it; correct that");
  }

  @Test
  void refusesAliasesOfAliases() throws IOException {
    var bomb = new StringBuilder("a0: &a0 {image: r/a:1}\n");
    for (var i = 1; i < 30; i++) {
      bomb.append("a%1$d: &a%1$d [*a%2$d, *a%2$d, *a%2$d]\n".formatted(i, i - 1));
    }

    assertThat(problem(bomb.toString()))
        .isEqualTo(
            "nordfaas:functionFiles[0] (teams/vat.yaml): cannot be read: aliases make it too large;"
                + " correct that");
  }

  @Test
  void refusesWhatIsTooDeep() throws IOException {
    assertThat(problem("[".repeat(200) + "]".repeat(200)))
        .isEqualTo(
            "nordfaas:functionFiles[0] (teams/vat.yaml): cannot be read: nested more than 100 levels"
                + " deep; correct that");
  }

  @Test
  void namesTheFileOfWhateverIsWrongInIt() throws IOException {
    write(
        "teams/vat.yaml",
        "vat: {imag: r/vat:1, timeout: 5}\nhello: 3\nUpper: {image: r/upper:1}\n");

    assertThat(problems("[teams/vat.yaml]"))
        .containsExactly(
            "nordfaas:functions.Upper (teams/vat.yaml): the name \"Upper\" is not valid; use a letter,"
                + " then lower-case letters, digits and '-', at most 56 characters, such as"
                + " order-processor",
            "nordfaas:functions.hello (teams/vat.yaml): is the number 3, not an object; write its keys"
                + " below it",
            "nordfaas:functions.vat.image (teams/vat.yaml): is missing; add it, for example"
                + " registry.example.no/nordfaas/order-processor:0.1.0",
            "nordfaas:functions.vat.timeout (teams/vat.yaml): 5 has no unit; write 5s, 5m or 5h",
            "nordfaas:functions.vat.imag (teams/vat.yaml): is unknown; did you mean image?");
  }

  @Test
  void namesNoFileOfWhatIsWrongInTheStacksOwn() throws IOException {
    write("teams/vat.yaml", "vat: {image: r/vat:1, scale: {min: 1}}\n");

    assertThat(problems("[teams/*.yaml]", "{vat: {scale: {max: x}}, hello: {}}"))
        .containsExactly(
            "nordfaas:functions.hello.image: is missing; add it, for example"
                + " registry.example.no/nordfaas/order-processor:0.1.0",
            "nordfaas:functions.vat.scale.max: is the string \"x\", not a whole number; use a whole"
                + " number from 1 to 1000");
  }

  @Test
  void namesTheFileOfAnEarlierName() throws IOException {
    var split = SplitStack.of("oslo");
    split.writeFiles(project);
    var status = split.files().get("teams/order-status.yaml");
    write(
        "teams/order-status.yaml", status.replace("paths: [/order-status]", "path: /order-status"));

    assertThat(ConfigLoader.load(source(split.config()), Rules::check).warnings())
        .extracting(Object::toString)
        .anyMatch(
            warning ->
                warning.startsWith(
                    "nordfaas:functions.order-status.http.path (teams/order-status.yaml): is now "));
  }

  @Test
  void namesTheFileOfWhatARuleFinds() throws IOException {
    write("teams/vat.yaml", "vat: {image: r/vat:1, database: {name: rates}}\n");
    var source = source("[teams/*.yaml]", "{}");

    assertThat(problems(() -> ConfigLoader.load(source, Rules::check)))
        .extracting(Object::toString)
        .anyMatch(
            problem ->
                problem.startsWith("nordfaas:functions.vat.database.name (teams/vat.yaml): "));
  }

  @Test
  void reportsNothingThatFollowsFromAFileThatCannotBeRead() throws IOException {
    var split = SplitStack.of("oslo");
    split.writeFiles(project);
    write("teams/order-processor.yaml", "[");
    var source = source(split.config());

    assertThat(problems(() -> ConfigLoader.load(source, Rules::check)))
        .singleElement()
        .asString()
        .startsWith(
            "nordfaas:functionFiles[0] (teams/order-processor.yaml): cannot be read: line ");
  }

  @ParameterizedTest
  @CsvSource({
    "teams/*.yaml, {}, Fix teams/vat.yaml",
    "teams/*.yaml, {hello: {}}, Fix Pulumi.oslo.yaml and teams/vat.yaml",
    "'**/*.yaml', {}, Fix the files that are named"
  })
  void saysWhichFilesToFix(String pattern, String own, String fix) throws IOException {
    write("teams/vat.yaml", "vat: {}\n");
    write("more/rates.yaml", "rates: {}\n");
    Files.move(project.resolve("Pulumi.yaml"), project.resolve("Pulumi.yml"));
    var read = source("['%s']".formatted(pattern), own);
    Files.delete(project.resolve("Pulumi.oslo.yaml"));
    var source = new ConfigSource("oslo", read.sections(), read.secretSections(), project);

    assertThat(
            catchThrowableOfType(
                InvalidStackConfigException.class, () -> ConfigLoader.load(source)))
        .hasMessageEndingWith("\n" + fix + ", then run `pulumi preview --stack oslo` again.");
  }

  @Test
  void reportsAllProblemsAtOnce() throws IOException {
    write("teams/a.yaml", "[a]");
    write("teams/b.yaml", "b: {}\n");

    assertThat(problems("[teams/a.yaml, teams/b.yaml, teams/c.yaml, /d.yaml]", "{e: {}}"))
        .extracting(problem -> problem.replaceFirst("[:;] .*", ""))
        .containsExactly(
            "nordfaas:functionFiles[0] (teams/a.yaml)",
            "nordfaas:functionFiles[2]",
            "nordfaas:functionFiles[3]",
            "nordfaas:functions.b.image (teams/b.yaml)",
            "nordfaas:functions.e.image");
  }

  @Test
  void acceptsAThousandFunctions() throws IOException {
    var split = SplitStack.of("oslo").withMore(1000);
    split.writeFiles(project);
    var source = source(split.config());
    assertThat(ConfigLoader.load(source, Rules::check).config().functions().keySet()).hasSize(1002);
  }

  @Test
  void readsNoFileOfAnEncryptedList() {
    var source =
        new ConfigSource(
            "oslo",
            Map.of("functionFiles", "[\"teams/*.yaml\"]"),
            Set.of("functionFiles"),
            project);

    assertThat(problems(() -> ConfigLoader.load(source)))
        .extracting(Object::toString)
        .filteredOn(problem -> problem.contains("functionFiles"))
        .containsExactly(
            "nordfaas:functionFiles: has an encrypted value, but no secret: the value would be in"
                + " plain text in the state; encrypt only what docs/stack-config.md calls a secret");
  }

  @Test
  void inlinedItIsAStackInOneFile() throws IOException {
    write("teams/vat.yaml", "vat: {image: r/vat:1}\n");

    var inlined = FunctionFiles.inlined(source("[teams/*.yaml]", "{hello: {image: r/hello:1}}"));

    assertThat(inlined.sections()).doesNotContainKey("functionFiles");
    assertThat(inlined.sections().get("functions"))
        .isEqualTo("{\"vat\":{\"image\":\"r/vat:1\"},\"hello\":{\"image\":\"r/hello:1\"}}");
  }

  @Test
  void isNotInlinedWithProblems() throws IOException {
    var source = source("[teams/*.yaml]", "{}");

    assertThat(FunctionFiles.inlined(source)).isSameAs(source);
  }
}
