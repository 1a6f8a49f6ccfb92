package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The workflows run for every datacenter that has a stack config, and name none; what they run of a
 * pull request gets no secret before somebody has looked at it.
 */
class WorkflowsTest {
  private static final Path FOLDER = Path.of(".github/workflows");
  private static final Pattern SECRET = Pattern.compile("\\$\\{\\{[^}]*\\bsecrets\\b");
  private static final Pattern BUILD = Pattern.compile("\\b(make|mvn|go|npm|pip)\\b");
  private static final String CHECKOUT = "actions/checkout@";
  private static final String RELEASE = "release";

  /** To read; to say who has built it; to push images; to write the notes. */
  private static final List<Map<String, String>> PERMISSIONS_OF_RELEASE =
      List.of(
          Map.of("contents", "read"),
          Map.of("attestations", "write", "id-token", "write"),
          Map.of("contents", "read", "packages", "write"),
          Map.of("contents", "write"));

  @TempDir private Path project;

  @Test
  void stacksAreThoseBesideTheProjectFileButTheLab() throws Exception {
    for (var name : List.of("Pulumi", "Pulumi.oslo", "Pulumi.lab", "Pulumi.mo-i-rana")) {
      Files.createFile(project.resolve(name + ".yaml"));
    }

    assertThat(run(List.of(".ci/stacks", project.toString()), Map.of()))
        .isEqualTo(new Result(0, "[\"mo-i-rana\",\"oslo\"]\n"));
  }

  @Test
  void listOfStacksIsEmptyWhereThereIsNone() throws Exception {
    Files.createFile(project.resolve("Pulumi.yaml"));

    assertThat(run(List.of(".ci/stacks", project.toString()), Map.of()))
        .isEqualTo(new Result(0, "[]\n"));
  }

  /**
   * A pull request chooses the names of its files; a name becomes an environment and an argument.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$(id)",
        "a;id",
        "a b",
        "a\"b",
        "a\nnames=[]",
        "-rf",
        "--cwd=x",
        "a`id`",
        "..",
        "Å",
        "oslo-"
      })
  void stackThatIsNoNameIsRefused(String name) throws Exception {
    Files.createFile(project.resolve("Pulumi.oslo.yaml"));
    Files.createFile(project.resolve("Pulumi." + name + ".yaml"));

    var result = run(List.of(".ci/stacks", project.toString()), Map.of());

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).startsWith("stacks: error: ").doesNotContain("[\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"drift", "preview", "up"})
  void workflowTakesTheListOfStacks(String name) throws IOException {
    var job = workflow(name).get("jobs").get(name);

    assertThat(workflow("build").at("/on/workflow_call/outputs/stacks/value").stringValue())
        .isEqualTo("${{ jobs.build.outputs.stacks }}");
    assertThat(workflow("build").at("/jobs/build/outputs/stacks").stringValue())
        .isEqualTo("${{ steps.stacks.outputs.names }}");
    assertThat(steps(workflow("build").at("/jobs/build")))
        .filteredOn(step -> step.path("id").asString("").equals("stacks"))
        .extracting(step -> step.get("run").stringValue())
        .containsExactly("echo \"names=$(.ci/stacks)\" >>\"$GITHUB_OUTPUT\"");
    assertThat(workflow(name).at("/jobs/build/uses").stringValue())
        .isEqualTo("./.github/workflows/build.yml");
    assertThat(job.get("needs").toString()).contains("\"build\"");
    assertThat(job.at("/strategy/matrix/stack").stringValue())
        .isEqualTo("${{ fromJSON(needs.build.outputs.stacks) }}");
  }

  /** GitHub fails a job whose matrix is empty. */
  @ParameterizedTest
  @ValueSource(strings = {"drift", "preview", "up"})
  void workflowRunsForNothingWhereThereIsNoStack(String name) throws IOException {
    assertThat(workflow(name).at("/jobs/" + name + "/if").stringValue())
        .startsWith("needs.build.outputs.stacks != '[]' && ");
  }

  /** A tag can be moved to other code; a commit's digest cannot. */
  @ParameterizedTest
  @MethodSource("names")
  void actionsArePinnedByCommit(String name) throws IOException {
    var uses =
        Files.readString(FOLDER.resolve(name + ".yml"))
            .lines()
            .map(String::strip)
            .filter(line -> line.matches("(- )?uses:.*"))
            .filter(line -> !line.endsWith("uses: ./.github/workflows/build.yml"));

    assertThat(uses)
        .allMatch(line -> line.matches("(- )?uses: [\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
  }

  @Test
  void sameActionIsTheSameVersionEverywhere() throws IOException {
    var versions = new HashMap<String, Set<String>>();
    for (var name : names().toList()) {
      for (var job : workflow(name).get("jobs")) {
        for (var step : steps(job)) {
          var uses = step.path("uses").asString("").split("[@/]", 3);
          if (uses.length == 3) {
            versions
                .computeIfAbsent(uses[0] + "/" + uses[1], it -> new TreeSet<>())
                .add(step.get("uses").stringValue().replaceFirst(".*@", ""));
          }
        }
      }
    }

    assertThat(versions)
        .isNotEmpty()
        .allSatisfy((action, digests) -> assertThat(digests).hasSize(1));
  }

  /** A secret is in the environment of the one step that needs it, of a job that is guarded. */
  @ParameterizedTest
  @MethodSource("names")
  void secretsAreForStepsOfGuardedJobs(String name) throws IOException {
    var workflow = workflow(name);

    assertThat(workflow.path("env").toString()).doesNotContainPattern(SECRET);
    for (var job : workflow.get("jobs")) {
      assertThat(job.path("env").toString()).doesNotContainPattern(SECRET);
      assertThat(job.path("secrets").isMissingNode()).as("secrets: of a called workflow").isTrue();
      for (var step : steps(job)) {
        var others = new ArrayList<>(step.propertyNames());
        others.remove("env");
        assertThat(others)
            .allSatisfy(key -> assertThat(step.get(key).toString()).doesNotContainPattern(SECRET));
        if (SECRET.matcher(step.path("env").toString()).find()) {
          var release = job.path("environment").asString("").equals(RELEASE);
          assertThat(job.path("environment").asString(""))
              .startsWith(release ? RELEASE : "${{ matrix.stack }}");
          assertThat(step.get("run").stringValue())
              .startsWith(release ? ".ci/publish " : ".ci/" + name + " \"$STACK\"");
        }
      }
    }
  }

  /**
   * One environment for each purpose, as each is guarded by something else; docs/ci.md says what
   * by.
   */
  @Test
  void environmentsAreThoseOfTheDocumentation() throws IOException {
    assertThat(environment("preview")).isEqualTo("${{ matrix.stack }}-preview");
    assertThat(environment("drift")).isEqualTo("${{ matrix.stack }}-drift");
    assertThat(environment("up")).isEqualTo("${{ matrix.stack }}");
    assertThat(Files.readString(Path.of("docs/ci.md")))
        .contains("`<stack>-preview`", "`<stack>-drift`", "`<stack>`");
  }

  /** So that neither a build's plug-ins nor what others have cached meet a secret. */
  @ParameterizedTest
  @MethodSource("names")
  void guardedJobsBuildAndCacheNothing(String name) throws IOException {
    for (var job : jobs(name, it -> it.has("environment"))) {
      for (var step : steps(job)) {
        assertThat(step.path("run").asString("")).doesNotContainPattern(BUILD);
        assertThat(step.path("uses").asString("")).doesNotStartWith("actions/cache");
        assertThat(step.at("/with/cache").isMissingNode()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void permissionsAreMinimal(String name) throws IOException {
    assertThat(workflow(name).path("permissions").toString()).isEqualTo("{}");
    for (var job : workflow(name).get("jobs")) {
      var permissions = new HashMap<String, String>();
      job.path("permissions")
          .properties()
          .forEach(it -> permissions.put(it.getKey(), it.getValue().stringValue()));
      if (name.equals(RELEASE)) {
        assertThat(permissions).isIn(PERMISSIONS_OF_RELEASE);
      } else if (job.has("environment")) {
        assertThat(permissions).isEqualTo(Map.of("contents", "read", "id-token", "write"));
      } else if (permissions.containsValue("write")) {
        assertThat(permissions)
            .isIn(
                Map.of("contents", "read", "pull-requests", "write"),
                Map.of("contents", "read", "issues", "write"));
      } else if (permissions.size() > 1) {
        assertThat(permissions)
            .isEqualTo(Map.of("actions", "read", "contents", "read", "pull-requests", "read"));
      } else {
        assertThat(permissions).isEqualTo(Map.of("contents", "read"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void checkoutLeavesNoTokenBehind(String name) throws IOException {
    for (var job : workflow(name).get("jobs")) {
      assertThat(steps(job))
          .filteredOn(step -> step.path("uses").asString("").startsWith(CHECKOUT))
          .allMatch(step -> step.at("/with/persist-credentials").toString().equals("false"))
          .allMatch(step -> step.at("/with/ref").isMissingNode() || mayWrite(job));
    }
  }

  /** GitHub pastes an expression into the script, whatever characters its value has. */
  @ParameterizedTest
  @MethodSource("names")
  void scriptsContainNoExpressions(String name) throws IOException {
    for (var job : workflow(name).get("jobs")) {
      assertThat(steps(job))
          .allMatch(step -> !step.path("run").asString("").contains("${{"))
          .allMatch(step -> !step.path("shell").asString("").contains("${{"));
    }
  }

  /** These run with the base's secrets, whoever made the pull request. */
  @ParameterizedTest
  @MethodSource("names")
  void nothingIsTriggeredWithTheRightsOfTheBase(String name) throws IOException {
    assertThat(workflow(name).get("on").toString())
        .doesNotContain("pull_request_target", "workflow_run", "issue_comment");
  }

  @Test
  void pullRequestsFromForksArePreviewedWithoutTheState() throws IOException {
    assertThat(workflow("preview").at("/jobs/preview/if").stringValue())
        .endsWith(
            " && (github.event_name == 'workflow_dispatch' ||"
                + " github.event.pull_request.head.repo.full_name == github.repository)");
  }

  /** What is published is what was approved: jobs after the approval build nothing. */
  @Test
  void releaseIsBuiltWithoutSecretsAndThenOnlyPublished() throws IOException {
    var workflow = workflow(RELEASE);

    assertThat(workflow.at("/on").toString()).isEqualTo("{\"push\":{\"tags\":[\"v*\"]}}");
    assertThat(workflow.at("/jobs/publish/environment").stringValue()).isEqualTo(RELEASE);
    assertThat(workflow.at("/jobs/publish/needs").stringValue()).isEqualTo("build");
    for (var job : workflow.get("jobs").properties()) {
      if (!job.getKey().equals("build")) {
        assertThat(steps(job.getValue()))
            .noneMatch(step -> BUILD.matcher(step.path("run").asString("")).find());
      }
      if (!List.of("build", "publish").contains(job.getKey())) {
        assertThat(job.getValue().get("needs").toString()).contains("publish");
      }
    }
  }

  /** It may write tags and releases. */
  @Test
  void jobThatWritesToTheRepositoryRunsNothingOfIt() throws IOException {
    for (var job :
        jobs(RELEASE, it -> it.at("/permissions/contents").asString("").equals("write"))) {
      assertThat(steps(job))
          .noneMatch(step -> step.path("uses").asString("").startsWith(CHECKOUT))
          .noneMatch(step -> step.path("run").asString("").contains(".ci/"));
    }
  }

  @Test
  void whatIsBuiltForAReleaseComesFromNoCache() throws IOException {
    assertThat(steps(workflow(RELEASE).at("/jobs/build")))
        .noneMatch(step -> step.path("uses").asString("").startsWith("actions/cache"))
        .noneMatch(step -> step.at("/with/cache").asString("").equals("maven"))
        .filteredOn(step -> step.path("uses").asString("").startsWith("actions/setup-go@"))
        .allMatch(step -> step.at("/with/cache").toString().equals("false"));
  }

  /** Whoever can write to a branch can dispatch a workflow on it. */
  @ParameterizedTest
  @ValueSource(strings = {"drift", "up"})
  void onlyMainIsAppliedAndCompared(String name) throws IOException {
    assertThat(workflow(name).at("/jobs/" + name + "/if").stringValue())
        .endsWith(" && github.ref == 'refs/heads/main'");
  }

  private static boolean mayWrite(JsonNode job) {
    return job.path("permissions").values().stream()
            .anyMatch(permission -> permission.stringValue().equals("write"))
        && !job.has("environment");
  }

  /** What can write to the repository runs the scripts of main, whatever the pull request has. */
  @ParameterizedTest
  @MethodSource("names")
  void whatMayWriteRunsNothingOfThePullRequest(String name) throws IOException {
    var ofPullRequests = workflow(name).get("on").has("pull_request");
    for (var job : jobs(name, WorkflowsTest::mayWrite)) {
      assertThat(steps(job))
          .filteredOn(step -> step.path("uses").asString("").startsWith(CHECKOUT))
          .extracting(step -> step.at("/with/ref").asString(""))
          .isSubsetOf(ofPullRequests ? "${{ github.event.pull_request.base.sha }}" : "");
      assertThat(steps(job))
          .noneMatch(step -> step.path("run").asString("").matches("(?s).*\\b(java|tools/).*"));
    }
  }

  @Test
  void upAppliesTheApprovedPlanUnlessSomebodyNamesAStackByHand() throws IOException {
    var up = workflow("up").at("/jobs/up");

    assertThat(up.get("if").stringValue())
        .contains("(needs.approved.result == 'success' || inputs.without-plan != '')");
    assertThat(workflow("up").at("/on/workflow_dispatch/inputs/without-plan/default").stringValue())
        .isEmpty();
    assertThat(steps(up))
        .filteredOn(step -> step.has("run"))
        .extracting(step -> step.get("run").stringValue())
        .endsWith(".ci/up \"$STACK\" \"previews/preview-$STACK\"");
  }

  /** A plan of the pull request counts for what became of it on main, and for nothing else. */
  @Test
  void plansComeFromTheRunThatWasApproved() throws IOException {
    var job = workflow("up").at("/jobs/approved");

    assertThat(job.get("if").stringValue())
        .isEqualTo("github.ref == 'refs/heads/main' && inputs.without-plan == ''");
    assertThat(job.has("environment")).isFalse();
    assertThat(steps(job))
        .anyMatch(
            step ->
                step.path("run")
                    .asString("")
                    .startsWith("number=$(.ci/approved-run \"$GITHUB_SHA\")"))
        .anyMatch(
            step -> step.at("/with/run-id").asString("").equals("${{ steps.run.outputs.number }}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"drift", "preview", "up"})
  void runsWhereTheNodesCanBeReached(String name) throws IOException {
    assertThat(workflow(name).at("/jobs/" + name + "/runs-on").stringValue())
        .isEqualTo("${{ vars.RUNNER || 'ubuntu-24.04' }}");
  }

  @Test
  void runsWithTheStateOfTheEnvironment() throws Exception {
    var result = stack(Map.of());

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("tools/stack preview oslo --diff\n", "PULUMI_BACKEND_URL=s3://state\n")
        .doesNotContain("AWS_ROLE_ARN", "AWS_REGION", "AWS_WEB", "curl ");
  }

  /** Without it, tools/stack would begin an empty state, and `up` create everything again. */
  @Test
  void refusesAStateThatNobodyShares() throws Exception {
    assertThat(stack(Map.of("PULUMI_BACKEND_URL", "")))
        .isEqualTo(
            new Result(
                1,
                """
                ci: error: PULUMI_BACKEND_URL is not set
                  why:  the environment of this job has no such variable, so the state of oslo is unknown
                  fix:  set it in that environment of the repository (docs/ci.md)
                """));
    assertThat(stack(Map.of("PULUMI_BACKEND_URL", "file://~")).output())
        .startsWith("ci: error: PULUMI_BACKEND_URL is file://~\n");
    assertThat(stack(Map.of("PULUMI_CONFIG_PASSPHRASE", "")).output())
        .startsWith("ci: error: PULUMI_CONFIG_PASSPHRASE is not set\n");
  }

  @Test
  void needsNoPassphraseWhereTheConfigHasASecretsProvider() throws Exception {
    Files.writeString(
        project.resolve("Pulumi.oslo.yaml"), "secretsprovider: awskms://alias/oslo\n");

    assertThat(stack(Map.of("PULUMI_CONFIG_PASSPHRASE", "")).exitCode()).isZero();
  }

  @Test
  void signsInWithTheIdentityOfTheJob() throws Exception {
    var result = stack(Map.of("AWS_ROLE_ARN", "arn:aws:iam::1:role/oslo-preview"));

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .contains("--data-urlencode audience=sts.amazonaws.com https://token.example/?v=1\n")
        .contains("header Authorization: bearer request-token\n")
        .contains("token -rw------- aaa.bbb.ccc\n")
        .containsPattern("AWS_WEB_IDENTITY_TOKEN_FILE=.*/identity\\.\\w{6}\n");
    assertThat(stack(Map.of("AZURE_CLIENT_ID", "c")).output())
        .contains("audience=api://AzureADTokenExchange ")
        .containsPattern("AZURE_FEDERATED_TOKEN_FILE=.*/identity\\.\\w{6}\n");
    assertThat(stack(Map.of("AZURE_CLIENT_ID", "c", "IDENTITY_AUDIENCE", "store")).output())
        .contains("audience=store ");
  }

  /** Arguments are visible to every process; what requests tokens is not for the program. */
  @Test
  void whatRequestsTheIdentityStaysOutOfArgumentsAndOfTheProgram() throws Exception {
    var output = stack(Map.of("AWS_ROLE_ARN", "arn:aws:iam::1:role/oslo-preview")).output();

    assertThat(output.lines().filter(line -> line.startsWith("curl ")))
        .hasSize(1)
        .noneMatch(line -> line.contains("request-token"));
    assertThat(output).doesNotContain("ACTIONS_ID_TOKEN");
  }

  @Test
  void refusesWhatIsNoIdentity() throws Exception {
    var role = Map.of("AWS_ROLE_ARN", "arn:aws:iam::1:role/oslo-preview");
    assertThat(stack(with(role, "TOKEN", "a b\nc")).output())
        .contains("ci: error: the identity token is not one\n")
        .doesNotContain("tools/stack ");
    assertThat(stack(with(role, "ACTIONS_ID_TOKEN_REQUEST_URL", "http://token.example/")).output())
        .contains("ci: error: the identity token cannot be requested\n")
        .doesNotContain("curl ", "tools/stack ");
    assertThat(stack(with(role, "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "")).output())
        .contains("ci: error: this job has no identity\n");
  }

  private static Map<String, String> with(Map<String, String> map, String key, String value) {
    var all = new HashMap<>(map);
    all.put(key, value);
    return all;
  }

  /** {@code .ci/stack preview oslo --diff}, with stand-ins for tools/stack and curl. */
  private Result stack(Map<String, String> settings) throws IOException, InterruptedException {
    program(
        "tools/stack",
        """
        echo "tools/stack $*"
        env | grep -E '^(AWS|AZURE|ACTIONS|PULUMI)_' || true
        for file in "${AWS_WEB_IDENTITY_TOKEN_FILE:-}" "${AZURE_FEDERATED_TOKEN_FILE:-}"; do
          [ ! -e "$file" ] || echo "token $(stat -c %A "$file") $(cat "$file")"
        done
        """);
    program(
        "bin/curl",
        """
        echo "curl $*" >&2
        echo "header $(cat)" >&2
        jq -n --arg value "$TOKEN" '{value: $value}'
        """);
    Files.createDirectories(project.resolve(".ci"));
    var stack = project.resolve(".ci/stack");
    Files.copy(Path.of(".ci/stack"), stack, StandardCopyOption.REPLACE_EXISTING);
    Files.copy(
        Path.of("tools/project.sh"),
        project.resolve("tools/project.sh"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(project.resolve("Pulumi.yaml"), "name: nordfaas\n");
    var environment = new HashMap<String, String>();
    environment.put("PATH", project.resolve("bin") + ":" + System.getenv("PATH"));
    environment.put("TOKEN", "aaa.bbb.ccc");
    environment.put("RUNNER_TEMP", project.toString());
    environment.put("PULUMI_BACKEND_URL", "s3://state");
    environment.put("PULUMI_CONFIG_PASSPHRASE", "secret");
    environment.put("AWS_ROLE_ARN", "");
    environment.put("AWS_REGION", "");
    environment.put("ACTIONS_ID_TOKEN_REQUEST_URL", "https://token.example/?v=1");
    environment.put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-token");
    environment.putAll(settings);
    return run(List.of(stack.toString(), "preview", "oslo", "--diff"), environment);
  }

  private void program(String name, String text) throws IOException {
    var file = project.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Stream<String> names() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString().replaceFirst("\\.ya?ml$", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  private static String environment(String name) throws IOException {
    return workflow(name).at("/jobs/" + name + "/environment").stringValue();
  }

  private static List<JsonNode> jobs(String name, Predicate<JsonNode> kind) throws IOException {
    return workflow(name).get("jobs").values().stream().filter(kind).toList();
  }

  private static List<JsonNode> steps(JsonNode job) {
    return job.path("steps").values().stream().toList();
  }

  private static JsonNode workflow(String name) throws IOException {
    return new YAMLMapper().readTree(Files.readString(FOLDER.resolve(name + ".yml")));
  }

  private static Result run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes());
    return new Result(process.waitFor(), output);
  }

  private record Result(int exitCode, String output) {}

  /** A repository of one's own has the tools, and the scripts in `.ci`, from a release of ours. */
  @ParameterizedTest
  @ValueSource(strings = {"drift", "preview", "up"})
  void workflowsOfTheTemplateAreTheseWithTheToolsOfTheRelease(String name) throws IOException {
    var ours = Files.readString(Path.of(".github/workflows/%s.yml".formatted(name)));
    var java =
        Pattern.compile("(?s)      - uses: actions/setup-java@.*?java-version: \"17\"\n")
            .matcher(ours);
    assertThat(java.find()).isTrue();
    var withTools = java.group() + "      - run: make tools\n";

    assertThat(Path.of("template/.github/workflows/%s.yml".formatted(name)))
        .hasContent(
            ours.replace(
                    "          path: target\n      - run: tools/install\n",
                    "      - run: tar -xf program.tar && .nordfaas/current/tools/install\n")
                .replace(".ci/", ".nordfaas/current/.ci/")
                .replace("docs/ci.md", ".nordfaas/current/docs/ci.md")
                .replaceAll(
                    "( +persist-credentials: false\n)(?! +fetch-depth|      - uses: actions/setup-java)",
                    "$1" + Matcher.quoteReplacement(withTools)));
  }
}
