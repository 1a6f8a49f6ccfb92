package dev.nordfaas.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.core.Output;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.internal.PulumiTestInternal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChecksumsTest {
  @Test
  void isTheBeginningOfSha256() {
    // printf abc | sha256sum
    assertThat(Checksums.of("abc")).isEqualTo("ba7816bf8f01cfea");
  }

  @Test
  void ofAGeneratedSecretIsNoSecret() {
    var checksum =
        PulumiTestInternal.extractOutputData(Checksums.ofGenerated(Output.ofSecret("x")));

    assertThat(checksum.isSecret()).isFalse();
    assertThat(checksum.getValueOptional()).hasValue(Checksums.of("x"));
  }

  @Test
  void secretsOfHumansHaveAChecksumThatNeedsItsKey() {
    assertThat(keyed("key", Map.of("api-key", "summer")))
        .hasSize(16)
        .isEqualTo(keyed("key", Map.of("api-key", "summer")))
        .isNotEqualTo(keyed("key", Map.of("api-key", "winter")))
        .isNotEqualTo(keyed("key", Map.of("other", "summer")))
        .isNotEqualTo(keyed("another key", Map.of("api-key", "summer")));
  }

  @Test
  void secretsHaveNoneBeforeTheirKeyIsGenerated() {
    assertThat(keyed("", Map.of("api-key", "summer"))).isEmpty();
  }

  @Test
  void secretsDoNotRunIntoEachOther() {
    assertThat(keyed("key", Map.of("a", "b", "c", "d")))
        .isNotEqualTo(keyed("key", Map.of("a", "bc", "d", "")));
  }

  private static String keyed(String key, Map<String, String> secrets) {
    return PulumiTest.extractValue(
        Checksums.ofChosen(Output.ofSecret(key), Output.ofSecret(secrets)));
  }
}
