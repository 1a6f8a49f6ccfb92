package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code tools/vulnerabilities}: known vulnerabilities of what we deliver are found. */
class VulnerabilitiesTest {
  @TempDir private Path folder;

  @Test
  void vulnerableVersionIsFound() throws Exception {
    var result = compare("com.google.code.gson gson 2.8.6");

    assertThat(result.output())
        .contains(
            "GHSA-4jrv-ppp4-jm57 CVE-2022-25647: com.google.code.gson:gson 2.8.6; fixed in 2.8.9"
                + " (Deserialization of untrusted data)\n");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  /** All in one: it starts a JVM and compiles. */
  @Test
  void versionsAreComparedAsMavenDoes() throws Exception {
    var result =
        compare(
            "io.netty netty-codec-http2 4.1.123.Final",
            "io.netty netty-codec-http2 4.1.133.Final",
            "io.netty netty-codec-http2 4.2.0.Alpha5",
            "io.netty netty-codec-http2 4.2.12.Final",
            "io.netty netty-codec-http2 4.2.13.Final",
            "tools.jackson.core jackson-core 3.1.3",
            "tools.jackson.core jackson-core 3.1.4-rc1",
            "tools.jackson.core jackson-core 3.1.4",
            "com.fasterxml.jackson.core jackson-core 2.18.9",
            "com.fasterxml.jackson.core jackson-core 2.20.0",
            "org.postgresql postgresql 42.7.11",
            "org.postgresql postgresql 42.7.12",
            "com.google.protobuf protobuf-java 4.27.4",
            "com.google.protobuf protobuf-java 4.27.5",
            "org.yaml snakeyaml 1.33",
            "org.yaml snakeyaml 2.0",
            "org.bouncycastle bcprov-jdk18on 1.84",
            "org.example netty-codec-http2 4.1.123.Final");

    assertThat(affected(result))
        .containsExactly(
            "com.fasterxml.jackson.core:jackson-core 2.20.0",
            "com.google.protobuf:protobuf-java 4.27.4",
            "io.netty:netty-codec-http2 4.1.123.Final",
            "io.netty:netty-codec-http2 4.2.0.Alpha5",
            "io.netty:netty-codec-http2 4.2.12.Final",
            "org.bouncycastle:bcprov-jdk18on 1.84",
            "org.postgresql:postgresql 42.7.11",
            "org.yaml:snakeyaml 1.33",
            "tools.jackson.core:jackson-core 3.1.3",
            "tools.jackson.core:jackson-core 3.1.4-rc1");
  }

  @Test
  void whatIsAcceptedIsForOnePackage() throws Exception {
    assertThat(compare("io.grpc grpc-netty-shaded 1.57.2").exitCode()).isZero();
    assertThat(compare("io.netty netty-codec-http2 4.1.100.Final").exitCode()).isEqualTo(1);
  }

  @Test
  void emptyBomIsNoProof() throws Exception {
    var bom = Files.writeString(folder.resolve("bom.json"), "{\"components\": []}");

    assertThat(run(bom).output()).contains("there are no components in these files");
    assertThat(run(folder.resolve("none.json")).output())
        .contains("vulnerabilities: error: there is no ", "  fix:  build what it describes");
  }

  @Test
  void everyEntryCanBeUsed() throws Exception {
    var list = new JsonMapper().readTree(Files.readString(Path.of("tools/vulnerabilities.json")));

    assertThat(list.get("accepted").values())
        .allMatch(entry -> !entry.get("reason").asString().isBlank());
    assertThat(list.get("vulnerabilities").values())
        .hasSizeGreaterThan(10)
        .allMatch(entry -> entry.get("id").asString().matches("(GHSA|CVE)-[0-9a-z-]+"))
        .allMatch(entry -> !entry.get("affected").isEmpty());
  }

  /** With a list of components, each as group, name and version. */
  private Result compare(String... components) throws Exception {
    var bom = folder.resolve("bom.json");
    Files.writeString(
        bom,
        Stream.of(components)
            .map(component -> component.split(" "))
            .map("{\"group\": \"%s\", \"name\": \"%s\", \"version\": \"%s\"}"::formatted)
            .collect(Collectors.joining(", ", "{\"components\": [", "]}")));
    return run(bom);
  }

  /** The components that are affected by something. */
  private static SortedSet<String> affected(Result result) {
    return result
        .output()
        .lines()
        .filter(line -> line.contains("; fixed in "))
        .map(line -> line.replaceAll("^.*?: |; fixed in .*", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Result run(Path bom) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(List.of("tools/vulnerabilities", bom.toString()))
            .redirectErrorStream(true);
    builder.environment().put("NORDFAAS_CLASSPATH", System.getProperty("java.class.path"));
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes());
    return new Result(process.waitFor(), output);
  }

  private record Result(int exitCode, String output) {}
}
