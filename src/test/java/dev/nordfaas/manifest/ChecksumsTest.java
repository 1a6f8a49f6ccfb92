package dev.nordfaas.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.core.Output;
import com.pulumi.test.internal.PulumiTestInternal;
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
}
