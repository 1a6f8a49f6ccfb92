package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** tools/release and .ci/publish, with stand-ins for Maven, GnuPG, zip and curl. */
class ReleaseToolsTest {
  private static final String RELEASE = "src/main/java/dev/nordfaas/config/Release.java";

  @TempDir private Path project;

  private record Result(int exitCode, String output) {}

  @BeforeEach
  void prepare() throws IOException {
    for (var file : List.of("tools/release", ".ci/publish")) {
      var copy = project.resolve(file);
      Files.createDirectories(copy.getParent());
      Files.copy(Path.of(file), copy);
    }
    for (var artifact : List.of("nordfaas", "nordfaas-testing")) {
      write(
          artifact.equals("nordfaas") ? "pom.xml" : "testing/pom.xml",
          """
          <project>
            <artifactId>%s</artifactId>
            <version>1.2.0-SNAPSHOT</version>
            <dependency><version>3</version></dependency>
          </project>
          """
              .formatted(artifact));
    }
    write(RELEASE, "VERSION = \"1.2.0\";");
    write("cloud-init/user-data.yaml", "");
    write("docs/page.md", "");
    write("testing/src/main/java/A.java", "");
    write("CHANGELOG.md", "## [Unreleased]\n\n## [1.2.0] - 2026-01-01\n\n- New.\n\n## [1.1.0]\n");
    // Publishes the version of the poms in its folder.
    program(
        "mvn",
        """
        for last in "$@"; do
          case $last in -DaltDeploymentRepository=*) to=${last##*file://} ;; esac
        done
        version=$(sed -n 's/.*<version>\\(.*\\)<.version>/\\1/p' ../pom.xml | head -n 1)
        mkdir -p "$to/dev/nordfaas/nordfaas/$version"
        cat ../pom.xml ../testing/pom.xml ../%s >"$to/dev/nordfaas/nordfaas/$version/built"
        [ -z "$DIFFERS" ] || date +%%N >>"$to/dev/nordfaas/nordfaas/$version/built"
        date +%%N >"$to/dev/nordfaas/maven-metadata.xml"
        """
            .formatted(RELEASE));
  }

  @Test
  void releasesTheNextVersionEverywhereButInTheCheckout() throws Exception {
    assertThat(run(Map.of(), "tools/release", "build")).isEqualTo(ok("building 1.2.0"));
    assertThat(read("target/release/repository/dev/nordfaas/nordfaas/1.2.0/built"))
        .contains("<version>1.2.0</version>", "<version>3</version>", "VERSION = \"1.2.0\"")
        .doesNotContain("SNAPSHOT");
    assertThat(read("pom.xml")).contains("<version>1.2.0-SNAPSHOT</version>");
  }

  @Test
  void releasesTheVersionThatIsGiven() throws Exception {
    run(Map.of(), "tools/release", "build", "2.0.0-rc.1");

    assertThat(read("target/release/repository/dev/nordfaas/nordfaas/2.0.0-rc.1/built"))
        .contains("VERSION = \"2.0.0-rc.1\"")
        .doesNotContain("1.2.0");
    assertThat(read(RELEASE)).isEqualTo("VERSION = \"1.2.0\";");
  }

  @Test
  void refusesWhatIsNoVersion() throws Exception {
    assertThat(run(Map.of(), "tools/release", "build", "1.2.0-SNAPSHOT").output())
        .startsWith("release: error: 1.2.0-SNAPSHOT is no version of a release\n");
    assertThat(run(Map.of(), "tools/release", "v1").exitCode()).isEqualTo(1);
  }

  @Test
  void twoBuildsThatAreTheSameAreAccepted() throws Exception {
    run(Map.of(), "tools/release", "build");

    assertThat(run(Map.of(), "tools/release", "compare").output())
        .endsWith("release: two builds are the same, byte by byte: 1 files\n");
  }

  @Test
  void twoBuildsThatDifferAreRefused() throws Exception {
    var differs = Map.of("DIFFERS", "yes");
    run(differs, "tools/release", "build");

    var result = run(differs, "tools/release", "compare");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("./dev/nordfaas/nordfaas/1.2.0/built\n")
        .contains("release: error: two builds of the same sources differ\n");
  }

  @Test
  void namesWhatIsMissing() throws Exception {
    run(Map.of(), "tools/release", "build");

    assertThat(run(Map.of(), "tools/release", "check").output())
        .startsWith("release: error: there is no nordfaas-1.2.0.pom\n");
  }

  @Test
  void notesAreTheSectionOfTheVersion() throws Exception {
    assertThat(run(Map.of(), "tools/release", "notes").output()).isEqualTo("- New.\n");
    assertThat(run(Map.of(), "tools/release", "notes", "1.3.0").output())
        .startsWith("release: error: CHANGELOG.md has no section [1.3.0]\n");
  }

  @Test
  void signsEverythingAndUploadsItWithoutSecretsInArguments() throws Exception {
    var folder = "repository/dev/nordfaas/nordfaas/1.2.0/";
    for (var file : List.of("a.jar", "a.jar.sha1", "a.pom", "../maven-metadata.xml")) {
      write(folder + file, "");
    }
    program("gpg", "echo \"gpg $*\"; for file; do :; done; [ ! -e \"$file\" ] || : >\"$file.asc\"");
    program("zip", "echo zip; find dev -type f | sort; : >../bundle.zip");
    program("curl", "echo \"curl $*\" >&2; cat >&2; echo 42");

    var result = run(secrets(), ".ci/publish", "1.2.0", "repository");

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output())
        .contains(
            """
            zip
            dev/nordfaas/nordfaas/1.2.0/a.jar
            dev/nordfaas/nordfaas/1.2.0/a.jar.asc
            dev/nordfaas/nordfaas/1.2.0/a.jar.sha1
            dev/nordfaas/nordfaas/1.2.0/a.pom
            dev/nordfaas/nordfaas/1.2.0/a.pom.asc
            """)
        // user:password
        .contains("Authorization: Bearer dXNlcjpwYXNzd29yZA==\n")
        .contains("publishingType=USER_MANAGED")
        .endsWith(
            "publish: 1.2.0 is at https://central.sonatype.com/publishing/deployments as 42;"
                + " publish it there\n");
    assertThat(
            result.output().lines().filter(it -> it.startsWith("gpg ") || it.startsWith("curl ")))
        .noneMatch(it -> it.contains("passphrase-of-key") || it.contains("dXNlcjpwYXNzd29yZA"));
  }

  @Test
  void publishesNothingWithoutItsSecrets() throws Exception {
    var some = new HashMap<>(secrets());
    some.put("GPG_PASSPHRASE", "");

    assertThat(run(some, ".ci/publish", "1.2.0", "repository").output())
        .isEqualTo(
            """
            publish: error: GPG_PASSPHRASE is not set
              why:  the environment of this job has no such secret
              fix:  set it in that environment of the repository (docs/releasing.md)
            """);
  }

  @Test
  void publishesNoOtherVersionThanTheTag() throws Exception {
    write("repository/dev/nordfaas/nordfaas/1.1.0/a.jar", "");

    assertThat(run(secrets(), ".ci/publish", "1.2.0", "repository").output())
        .startsWith("publish: error: there is no 1.2.0 in repository\n");
  }

  private static Map<String, String> secrets() {
    return Map.of(
        "GPG_PRIVATE_KEY", "key",
        "GPG_PASSPHRASE", "passphrase-of-key",
        "CENTRAL_USERNAME", "user",
        "CENTRAL_PASSWORD", "password");
  }

  private static Result ok(String line) {
    return new Result(0, "release: " + line + "\n");
  }

  private void program(String name, String text) throws IOException {
    write("bin/" + name, "#!/bin/sh\n" + text + "\n");
    assertThat(project.resolve("bin/" + name).toFile().setExecutable(true)).isTrue();
  }

  private void write(String file, String text) throws IOException {
    var path = project.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private String read(String file) throws IOException {
    return Files.readString(project.resolve(file));
  }

  private Result run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(new ArrayList<>(List.of(command)))
            .directory(project.toFile())
            .redirectErrorStream(true);
    builder.environment().put("PATH", project.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("RUNNER_TEMP", project.toString());
    builder.environment().putAll(environment);
    builder.command().set(0, project.resolve(command[0]).toString());
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes());
    return new Result(process.waitFor(), output);
  }
}
