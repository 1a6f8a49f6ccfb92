package dev.nordfaas.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.core.Output;
import com.pulumi.test.internal.PulumiTestInternal;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PullSecretTest {
  @Test
  void isWhatDockerLoginWrites() {
    var config =
        PullSecret.dockerConfig(
            Map.of("ghcr.io", "ola", "registry.example.no:5000", "kari"),
            Map.of("ghcr.io", "pass:word\"", "registry.example.no:5000", "token"));

    var json = new JsonMapper();
    assertThat(json.readTree(config))
        .isEqualTo(
            json.readTree(
                """
                {"auths": {
                  "ghcr.io": {"username": "ola", "password": "pass:word\\""},
                  "registry.example.no:5000": {"username": "kari", "password": "token"}}}
                """));
  }

  @Test
  void isASecretOfThePulumiProgram() {
    var secret =
        PullSecret.secret(
            "openfaas",
            new Labels("gateway", "gateway"),
            Map.of("ghcr.io", "ola"),
            Output.ofSecret(Map.of("ghcr.io", "token")));

    assertThat(PulumiTestInternal.extractOutputData(secret.stringData().orElseThrow()).isSecret())
        .isTrue();
  }
}
