package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code tools/function --air-gap --archive} with archives from others. The stand-in for ssh gives
 * its arguments to a shell, as sshd does; the one for sudo keeps its arguments.
 */
class FunctionArchiveIT {
  private static final String NAME = "registry.example.no/faas/hello:1.0.0";

  @TempDir private Path project;

  @BeforeEach
  void makeTheProject() throws IOException {
    for (var name : List.of("Pulumi.yaml", "functions", "target", "tools")) {
      Files.createSymbolicLink(project.resolve(name), Path.of(name).toAbsolutePath());
    }
    Files.copy(Fixtures.file("oslo"), config());
    program(
        "ssh",
        """
        while [ "${1#-}" != "$1" ]; do shift 2; done
        shift
        cd "$PROJECT"
        exec sh -c "$*"
        """);
    program(
        "sudo",
        """
        cat >/dev/null
        for argument in "$@"; do echo "[$argument]"; done >>"$PROJECT/sudo"
        """);
  }

  @Test
  void deliversTheImageOfAnArchive() throws Exception {
    archive(Map.of("manifest.json", dockers(NAME)));

    var result = tool();

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(Files.readAllLines(project.resolve("sudo")))
        .contains("[nordfaas-hello.tar]", "[" + NAME + "]");
    assertThat(Files.readString(config())).contains("image: " + NAME + "\n");
  }

  /** Docker writes both files, with the names of its own library in a short form. */
  @Test
  void deliversTheImageOfAnArchiveWithBothFiles() throws Exception {
    archive(
        Map.of(
            "./manifest.json", dockers("hello:1.0.0"),
            "./index.json", ocis("docker.io/library/hello:1.0.0")));

    var result = tool();

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(Files.readString(config())).contains("image: docker.io/library/hello:1.0.0\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x'; touch pwned; ':1",
        "x:1' '$(touch pwned)",
        "x:1`touch pwned`",
        "-x:1",
        "x:1|name~=.",
        "x:1 # y",
        "x:1\\nnordfaas:ssh:",
        "x",
        "x:latest; touch pwned"
      })
  void nameThatIsNoneReachesNoNode(String name) throws Exception {
    archive(Map.of("manifest.json", dockers(name)));

    refuses(tool(), "a name that no registry would take: ");
  }

  /**
   * The nodes import everything in an archive: a second image could replace one of the platform's.
   */
  @Test
  void archiveWithASecondImageReachesNoNode() throws Exception {
    archive(Map.of("manifest.json", dockers(NAME, "docker.io/library/nats:2.14.5")));

    refuses(tool(), "several images: " + NAME + ", docker.io/library/nats:2.14.5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"repotags", "Repo\\u0054ags", "RepoTag\u017f"})
  void secondImageIsFoundHoweverItsKeyIsWritten(String key) throws Exception {
    archive(
        Map.of(
            "manifest.json",
            "[{\"RepoTags\": [\"%s\"]}, {\"%s\": [\"nats:2.14.5\"]}]".formatted(NAME, key)));

    refuses(tool(), "several images: ");
  }

  @Test
  void otherNamesInTheOtherFileReachNoNode() throws Exception {
    archive(Map.of("manifest.json", dockers(NAME), "index.json", ocis("nats:2.14.5")));

    refuses(tool(), "several images: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"./manifest.json", "x/../manifest.json", ".//manifest.json", "/manifest.json"})
  void secondManifestReachesNoNode(String member) throws Exception {
    archive(Map.of("manifest.json", dockers(NAME), member, dockers("nats:2.14.5")));

    refuses(tool(), "is not an archive of one image");
  }

  private void refuses(Result result, String reason) throws IOException {
    assertThat(result.output()).contains("function: error: ", reason, "  fix:  ");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(project.resolve("pwned")).doesNotExist();
    assertThat(project.resolve("sudo")).doesNotExist();
    assertThat(config()).hasSameTextualContentAs(Fixtures.file("oslo"));
  }

  private static String dockers(String... names) {
    return "[{\"Config\":\"c\",\"RepoTags\":[\"%s\"],\"Layers\":[]}]"
        .formatted(String.join("\",\"", names));
  }

  private static String ocis(String name) {
    return "{\"manifests\":[{\"annotations\":{\"io.containerd.image.name\":\"%s\"}}]}"
        .formatted(name);
  }

  /** An archive whose members have exactly these names. */
  private void archive(Map<String, String> members) throws IOException, InterruptedException {
    var script =
        new ArrayList<>(
            List.of(
                "python3",
                "-c",
                "import io, sys, tarfile\n"
                    + "archive = tarfile.open(sys.argv[1], 'w')\n"
                    + "for name, text in zip(sys.argv[2::2], sys.argv[3::2]):\n"
                    + "  member = tarfile.TarInfo(name)\n"
                    + "  member.size = len(text.encode())\n"
                    + "  archive.addfile(member, io.BytesIO(text.encode()))\n"
                    + "archive.close()\n",
                project.resolve("image.tar").toString()));
    members.forEach((name, text) -> script.addAll(List.of(name, text)));
    assertThat(new ProcessBuilder(script).inheritIO().start().waitFor()).isZero();
  }

  private void program(String name, String text) throws IOException {
    var file = project.resolve("bin").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Path config() {
    return project.resolve("Pulumi.oslo.yaml");
  }

  private Result tool() throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
                project.resolve("tools/function").toString(),
                "--air-gap",
                "--archive",
                project.resolve("image.tar").toString(),
                "hello",
                "oslo")
            .redirectErrorStream(true);
    builder.environment().put("PATH", project.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("PROJECT", project.toString());
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes());
    return new Result(process.waitFor(), output);
  }

  private record Result(int exitCode, String output) {}
}
