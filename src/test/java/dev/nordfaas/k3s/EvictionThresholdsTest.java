package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvictionThresholdsTest {
  @ParameterizedTest
  @CsvSource({
    "v=2, 0",
    "'eviction-hard=nodefs.available<10%', 0",
    "'eviction-hard=memory.available<25%,nodefs.available<10%', 1000",
    "'--eviction_hard=imagefs.available<5%, memory.available<2.5%', 100",
    "'eviction-hard=memory.available<1Ki', 1024",
    "'eviction-hard=memory.available<much', 0",
    "'eviction-soft=memory.available<50%', 0",
  })
  void keepMemoryFree(String flag, long bytes) {
    var config =
        PatchedConfig.of(
            "oslo", "set: {nordfaas:k3s.extraConfig: {kubelet-arg: ['%s']}}".formatted(flag));

    assertThat(EvictionThresholds.kept(config.k3s(), EvictionThresholds.MEMORY, 4000))
        .isEqualTo(bytes);
  }
}
