package dev.nordfaas.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.testing.Fixtures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tools/function} with a real registry: from sources to a digest in the stack's config. */
class FunctionToolIT {
  private static final Path REGISTRY = Path.of("target/registry").toAbsolutePath();

  @TempDir private Path project;
  private Process registry;
  private String host;

  @BeforeAll
  static void buildTheRegistry() throws IOException, InterruptedException {
    var build =
        new ProcessBuilder("go", "build", "-o", REGISTRY.toString(), ".")
            .directory(Path.of("lab/registry").toFile())
            .redirectErrorStream(true)
            .start();
    var output = new String(build.getInputStream().readAllBytes());
    assertThat(build.waitFor()).as(output).isZero();
  }

  @BeforeEach
  void start() throws IOException {
    registry = new ProcessBuilder(REGISTRY.toString()).start();
    host =
        "localhost:"
            + new BufferedReader(new InputStreamReader(registry.getInputStream())).readLine();
    for (var name : List.of("Pulumi.yaml", "functions", "target", "tools")) {
      Files.createSymbolicLink(project.resolve(name), Path.of(name).toAbsolutePath());
    }
    Files.copy(Fixtures.file("oslo"), config());
  }

  @AfterEach
  void stop() {
    registry.destroy();
  }

  @Test
  void pushesAnImageAndWritesItsDigest() throws Exception {
    var before = Files.readString(config());

    run("--registry", host, "--base", "scratch", "hello", "oslo");

    var function = load().functions().get("hello");
    assertThat(function.image())
        .matches(host + "/hello:0\\.1\\.0-[0-9a-f]{12}@sha256:[0-9a-f]{64}");
    assertThat(manifest("hello", function.image().replaceFirst(".*@", ""))).isEqualTo(200);
    assertThat(Files.readString(config()))
        .isEqualTo(
            before.replace(
                "  nordfaas:functions:\n",
                "  nordfaas:functions:\n    hello:\n      image: %s\n"
                    .formatted(function.image())));
  }

  @Test
  void writesIntoTheFileThatTheFunctionIsIn() throws Exception {
    var file = Files.createDirectory(project.resolve("teams")).resolve("hello.yaml");
    Files.writeString(file, "hello: {image: '%s/hello:1'} # of the shop\n".formatted(host));
    var before = Files.readString(config()) + "  nordfaas:functionFiles: [teams/*.yaml]\n";
    Files.writeString(config(), before);

    run("--base", "scratch", "hello", "oslo");

    assertThat(Files.readString(config())).isEqualTo(before);
    assertThat(Files.readString(file)).endsWith("} # of the shop\n");
    assertThat(load().functions().get("hello").image())
        .matches(host + "/hello:0\\.1\\.0-[0-9a-f]{12}@sha256:[0-9a-f]{64}");
  }

  @Test
  void sameSourcesAreTheSameImage() throws Exception {
    run("--registry", host, "--base", "scratch", "hello", "oslo");
    var first = Files.readString(config());

    run("--base", "scratch", "hello", "oslo");

    assertThat(Files.readString(config())).isEqualTo(first);
  }

  @Test
  void leavesTheConfigAloneWhenTheRegistryCannotBeReached() throws Exception {
    registry.destroy();
    registry.waitFor();

    var result = tool("--registry", host, "--base", "scratch", "hello", "oslo");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("function: error: push " + host + "/hello:0.1.0-")
        .contains("fix:  ");
    assertThat(Files.readString(config())).doesNotContain("hello");
  }

  @Test
  void namesWhatIsMissing() throws Exception {
    assertThat(tool("vat", "oslo").output())
        .contains("functions/vat is not a Maven project", "--archive takes their images");
    assertThat(tool("hello", "oslo").output()).contains("no registry is known for hello");
    assertThat(tool("hello", "trondheim").output()).contains("there is no Pulumi.trondheim.yaml");
    assertThat(tool("hello").exitCode()).isEqualTo(2);
  }

  private Path config() {
    return project.resolve("Pulumi.oslo.yaml");
  }

  private StackConfig load() {
    return ConfigLoader.load(ConfigSource.fromFile(config()), Rules::check).config();
  }

  private int manifest(String name, String digest) throws IOException, InterruptedException {
    var url = URI.create("http://%s/v2/%s/manifests/%s".formatted(host, name, digest));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private void run(String... arguments) throws IOException, InterruptedException {
    var result = tool(arguments);
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  private Result tool(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(project.resolve("tools/function").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("--", "-Djib.allowInsecureRegistries=true"));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes());
    return new Result(process.waitFor(), output);
  }

  private record Result(int exitCode, String output) {}
}
