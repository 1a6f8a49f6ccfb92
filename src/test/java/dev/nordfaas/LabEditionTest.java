package dev.nordfaas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.config.check.ConfigSource;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.testing.LiveStacks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code LAB_EDITION=none} makes of the lab's stacks. */
class LabEditionTest {
  @ParameterizedTest
  @ValueSource(strings = {"lab", "lab3"})
  void isAStackWithoutOpenFaasThatTheRulesAccept(String stack, @TempDir Path folder)
      throws IOException, InterruptedException {
    var file = folder.resolve("Pulumi.%s.yaml".formatted(stack));
    Files.writeString(file, config(stack, folder));

    var config = ConfigLoader.load(ConfigSource.fromFile(file), Rules::check).config();

    assertThat(config.openfaas().edition()).isEqualTo(Edition.NONE);
    assertThat(config.openfaas().prometheus()).isPresent();
  }

  /** Its keys are those of the committed config, which are as good as any. */
  private static String config(String stack, Path folder) throws IOException, InterruptedException {
    var hosts = Files.createDirectories(folder.resolve("ssh/hosts"));
    Files.createDirectory(folder.resolve("disk"));
    try (var lines = Files.lines(LiveStacks.file(stack))) {
      var key = lines.filter(line -> line.contains("hostKey: ")).findFirst().orElseThrow();
      var text = key.replaceFirst(".*hostKey: ", "") + " lab\n";
      Files.writeString(folder.resolve("ssh/id_ed25519.pub"), text);
      for (var host : new String[] {"lab-1", "lab-2", "lab-3"}) {
        Files.writeString(hosts.resolve(host + ".pub"), text);
      }
    }
    var builder = new ProcessBuilder("lab/stack", "config");
    builder.environment().put("LAB_STATE", folder.toString());
    builder.environment().put("LAB_STACK", stack);
    builder.environment().put("LAB_EDITION", "none");
    builder.environment().remove("LAB_CONFIG");
    var process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }
}
