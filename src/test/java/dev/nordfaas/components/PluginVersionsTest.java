package dev.nordfaas.components;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.command.CommandPlugin;
import dev.nordfaas.testing.Versions;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** {@code tools/versions.env} says which plug-ins are in use; all that names one agrees. */
class PluginVersionsTest {
  private static final Path TOOLS = Path.of("tools");

  @Test
  void providerOfTheClusterAsksForTheKubernetesPlugin() throws IOException {
    assertThat(K3sCluster.KUBERNETES_PLUGIN_VERSION).isEqualTo(version("KUBERNETES_VERSION"));
  }

  @Test
  void bindingsAskForTheCommandPlugin() throws IOException {
    assertThat(CommandPlugin.VERSION).isEqualTo(version("COMMAND_VERSION"));
  }

  @ParameterizedTest
  @CsvSource({"kubernetes, KUBERNETES_VERSION", "command, COMMAND_VERSION"})
  void resourcesOfTheJarNameThePlugin(String plugin, String variable) throws IOException {
    var folder = Path.of("src/main/resources/com/pulumi", plugin);

    assertThat(folder.resolve("version.txt")).content().isEqualTo(version(variable));
    assertThat(
            new JsonMapper().readTree(folder.resolve("plugin.json")).get("version").stringValue())
        .isEqualTo(version(variable));
  }

  @Test
  void standInOfTheCommandPluginHasItsVersion() throws IOException {
    assertThat(TOOLS.resolve("pulumi-resource-command/main.go"))
        .content()
        .contains("\nvar version = \"" + version("COMMAND_VERSION") + "\"\n");
  }

  @Test
  void cliIsBuiltFromItsVersion() throws IOException {
    assertThat(TOOLS.resolve("pulumi/go.mod"))
        .content()
        .contains("github.com/pulumi/pulumi/pkg/v3 v" + version("PULUMI_VERSION") + " ");
  }

  @Test
  void languageHostIsBuiltFromItsVersion() throws IOException {
    assertThat(TOOLS.resolve("pulumi-language-java/go.mod"))
        .content()
        .contains("github.com/pulumi/pulumi-java/pkg v" + version("LANGUAGE_JAVA_VERSION") + " ");
  }

  @ParameterizedTest
  @CsvSource({
    "pulumi, PULUMI_VERSION",
    "pulumi-resource-kubernetes, KUBERNETES_VERSION",
    "pulumi-resource-command, COMMAND_VERSION"
  })
  void downloadsHaveChecksums(String program, String variable) throws IOException {
    assertThat(TOOLS.resolve("checksums.txt"))
        .content()
        .containsPattern("(?m)^[0-9a-f]{64}  " + program + "-v" + version(variable) + "-linux-");
  }

  private static String version(String variable) throws IOException {
    return Versions.of(TOOLS, variable);
  }
}
