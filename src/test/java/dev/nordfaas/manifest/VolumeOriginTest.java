package dev.nordfaas.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.StorageConfig;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.manifest.VolumeOrigin.Holder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VolumeOriginTest {
  private static final KeyPath KEY = KeyPath.of("postgres", "storage");
  private static final StorageConfig CREATED = volume("50Gi", "local-path");

  @ParameterizedTest
  @EnumSource
  void allowsWhatIsAsItWas(Holder holder) {
    assertThat(refusal(CREATED, holder, CREATED)).isEmpty();
    assertThat(refusal(CREATED, holder, volume("51200Mi", "local-path"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"80Gi", "20Gi"})
  void allowsAFolderAnySize(String size) {
    assertThat(refusal(CREATED, Holder.CLAIM, volume(size, "local-path"))).isEmpty();
  }

  @Test
  void allowsAnOperatorToGrowAVolume() {
    assertThat(refusal(volume("50Gi", "longhorn"), Holder.OPERATOR, volume("80Gi", "longhorn")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CLAIM, longhorn, 80Gi",
    "CLAIM, longhorn, 20Gi",
    "OPERATOR, longhorn, 20Gi",
    "OPERATOR, local-path, 80Gi"
  })
  void refusesASizeThatTheVolumeWillNotGet(Holder holder, String storageClass, String size) {
    assertThat(refusal(volume("50Gi", storageClass), holder, volume(size, storageClass)))
        .hasValue(
            "nordfaas:postgres.storage.size: a volume of class %s does not get from 50Gi to %s by itself; undo it, or see \"Another size of a volume\" in docs/runbook.md"
                .formatted(storageClass, size));
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnotherClass(Holder holder) {
    assertThat(refusal(CREATED, holder, volume("80Gi", "longhorn")))
        .hasValue(
            "nordfaas:postgres.storage.storageClass: a volume of class local-path cannot become one of class longhorn in place; undo it, or move the data as described in docs/runbook.md");
  }

  @Test
  void comparesNothingWithWhatIsNotKnown() {
    assertThat(VolumeOrigin.refusal(KEY, CREATED, Holder.CLAIM, "")).isEmpty();
  }

  private static Optional<String> refusal(
      StorageConfig created, Holder holder, StorageConfig wanted) {
    return VolumeOrigin.refusal(KEY, wanted, holder, VolumeOrigin.of(created));
  }

  private static StorageConfig volume(String size, String storageClass) {
    return new StorageConfig(ByteSize.parse(size), storageClass);
  }
}
