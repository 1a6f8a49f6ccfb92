package dev.nordfaas.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.SshAuthorizedKey;
import dev.nordfaas.testing.Fixtures;
import dev.nordfaas.testing.Golden;
import dev.nordfaas.testing.Machine;
import dev.nordfaas.testing.Specs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

class UserDataTest {
  @TempDir Path folder;

  static Stream<HostSpec> hosts() {
    return Stream.of(
        Specs.oslo(),
        Specs.of(Fixtures.bergen(), "bergen-1"),
        Specs.of(Fixtures.bergen(), "bergen-5"),
        Specs.withLogin(Specs.oslo(), "root", 2222),
        Specs.withDataVolume(Specs.oslo(), "k3s data"),
        Specs.withAuthorizedKeys(
            Specs.oslo(), Collections.nCopies(60, Fixtures.oslo().host().authorizedKeys().get(0))),
        Specs.withExtras(
            Specs.oslo(), List.of("htop", "libstdc++6"), Map.of("/opt/a", "  x\n", "/opt/b", "y")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "x\n", "  x\n y\n", "\n\nx\n\n", "", "\tæ: 'ø' ${x} #\n", "- a\n---\n"})
  void carriesFilesOfTheUserAsTheyAre(String content) throws IOException {
    var spec = Specs.withExtras(Specs.oslo(), List.of("htop"), Map.of("/opt/a", content));

    var document = parse(UserData.render(spec));

    assertThat(((List<?>) document.get("packages")))
        .map(Object::toString)
        .containsExactly(
            "ca-certificates",
            "curl",
            "nftables",
            "systemd-timesyncd",
            "unattended-upgrades",
            "htop");
    var file =
        ((List<?>) document.get("write_files"))
            .stream()
                .map(entry -> (Map<?, ?>) entry)
                .filter(entry -> entry.get("path").equals("/opt/a"))
                .findFirst()
                .orElseThrow();
    var written = file.get("content").toString();
    assertThat(file.containsKey("encoding") ? unpacked(written) : written)
        .isEqualTo(content.endsWith("\n") ? content : content + "\n");
  }

  @Test
  void describesTheFirstBootOfOslo() {
    Golden.assertMatches("host/oslo-1/user-data.yaml", UserData.render(Specs.oslo()));
  }

  @Test
  void describesTheFirstBootOfAnAgentInBergen() {
    Golden.assertMatches(
        "host/bergen-5/user-data.yaml", UserData.render(Specs.of(Fixtures.bergen(), "bergen-5")));
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void fitsIntoTheSmallestLimitOfAProvider(HostSpec spec) {
    assertThat(UserData.render(spec).getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThan(UserData.MAX_BYTES);
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void writesEachFileOnceWithExactlyItsContent(HostSpec spec) {
    var files = (List<?>) parse(UserData.render(spec)).get("write_files");

    var paths = new HashSet<String>();
    for (var entry : files) {
      var file = (Map<?, ?>) entry;
      assertThat(paths.add((String) file.get("path"))).as("%s is new", file.get("path")).isTrue();
      assertThat(file.get("permissions")).isEqualTo("0644");
      if (file.containsKey("encoding")) {
        continue;
      }
      if (file.get("path").equals(Sysctls.PATH)) {
        assertThat(file.get("content")).isEqualTo(Sysctls.file(spec));
      }
      if (file.get("path").equals(Firewall.PATH)) {
        assertThat(file.get("content")).isEqualTo(Firewall.render(spec));
      }
    }
    assertThat(paths).contains(Sysctls.PATH, Firewall.PATH);
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void isValidForCloudInit(HostSpec spec) throws IOException, InterruptedException {
    Machine.needs("cloud-init");
    var file = Files.writeString(folder.resolve("user-data"), UserData.render(spec));
    var process =
        new ProcessBuilder("cloud-init", "schema", "--config-file", file.toString())
            .redirectErrorStream(true)
            .start();

    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).doesNotContainIgnoringCase("deprecat");
  }

  @Test
  void compressesItsFilesWhereItWouldBeTooLarge() throws IOException {
    var key = new SshAuthorizedKey("ssh-ed25519 " + "A".repeat(372) + " somebody");
    var many = Specs.withAuthorizedKeys(Specs.oslo(), Collections.nCopies(14, key));

    var text = UserData.render(many);

    assertThat(UserData.size(text)).isLessThan(UserData.MAX_BYTES);
    var files = (List<?>) parse(text).get("write_files");
    var plain = (List<?>) parse(UserData.render(Specs.oslo())).get("write_files");
    assertThat(files).hasSameSizeAs(plain);
    for (var i = 0; i < files.size(); i++) {
      var file = (Map<?, ?>) files.get(i);
      assertThat(file.get("encoding")).isEqualTo("gz+b64");
      assertThat(file.get("path")).isEqualTo(((Map<?, ?>) plain.get(i)).get("path"));
      assertThat(unpacked(file.get("content").toString()))
          .isEqualTo(((Map<?, ?>) plain.get(i)).get("content"));
    }
  }

  private static String unpacked(String content) throws IOException {
    try (var gzip =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(content)))) {
      return new String(gzip.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void letsOnlyKeysIn() {
    var document = parse(UserData.render(Specs.oslo()));

    assertThat(document).containsEntry("ssh_pwauth", false).containsEntry("disable_root", true);
    var user = (Map<?, ?>) ((List<?>) document.get("users")).get(0);
    assertThat(user.get("name")).isEqualTo("nordfaas");
    assertThat(user.get("lock_passwd")).isEqualTo(true);
    assertThat(user.get("ssh_authorized_keys"))
        .isEqualTo(
            Fixtures.oslo().host().authorizedKeys().stream().map(SshAuthorizedKey::text).toList());
  }

  @Test
  void letsRootInWithAKeyWherePulumiLogsInAsRoot() {
    var text = UserData.render(Specs.withLogin(Specs.oslo(), "root", 22));

    assertThat(parse(text)).containsEntry("disable_root", false);
    assertThat(text).contains("PermitRootLogin prohibit-password");
  }

  @Test
  void movesSshdOnlyAtTheFirstBoot() {
    var spec = Specs.withLogin(Specs.oslo(), "nordfaas", 2222);

    assertThat(UserData.render(spec)).contains("Port 2222");
    assertThat(HostFile.bundle(HostFiles.of(spec))).doesNotContain("Port 2222");
  }

  @Test
  void startsK3sOnlyOnTheMountedDataVolume() {
    var document = parse(UserData.render(Specs.withDataVolume(Specs.oslo(), "k3s data")));

    assertThat(document.get("mounts"))
        .isEqualTo(
            List.of(
                List.of(
                    "LABEL=k3s data",
                    "/var/lib/rancher",
                    "auto",
                    "defaults,noatime,nofail",
                    "0",
                    "2")));
    assertThat(document.get("write_files").toString())
        .contains("k3s.service.d/10-data-volume.conf", "k3s-agent.service.d/10-data-volume.conf");
  }

  @SuppressWarnings("unchecked") // YAML objects have string keys.
  private static Map<String, Object> parse(String userData) {
    assertThat(userData).startsWith("#cloud-config\n");
    return new YAMLMapper().readValue(userData, Map.class);
  }
}
