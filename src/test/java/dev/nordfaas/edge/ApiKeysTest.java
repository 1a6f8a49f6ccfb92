package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.core.Output;
import com.pulumi.test.PulumiTest;
import com.pulumi.test.internal.PulumiTestInternal;
import dev.nordfaas.config.ApiKeyConfig;
import dev.nordfaas.config.SecretValue;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApiKeysTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final String HASH =
      "3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9";

  @AfterEach
  void cleanUp() {
    PulumiTest.cleanup();
  }

  @Test
  void hashesEachKeySortedByName() {
    assertThat(
            text(
                ApiKeys.file(
                    Map.of("b", key(KEY, Optional.of(KEY)), "a", key(KEY, Optional.empty())))))
        .isEqualTo("{\"a\":[\"%1$s\"],\"b\":[\"%1$s\",\"%1$s\"]}".formatted(HASH));
  }

  @Test
  void isASecret() {
    var file = ApiKeys.file(Map.of("a", key(KEY, Optional.empty())));

    assertThat(PulumiTestInternal.extractOutputData(file).isSecret()).isTrue();
  }

  /** A hash of what stands for it would be a key that everybody knows. */
  @Test
  void hasNoHashOfAKeyThatNobodyCouldDecrypt() {
    assertThat(text(ApiKeys.file(Map.of("a", key(SecretValue.UNREAD, Optional.empty())))))
        .isEqualTo("{\"a\":[\"[secret]\"]}");
  }

  private static ApiKeyConfig key(String key, Optional<String> previous) {
    return new ApiKeyConfig(SecretValue.of(key), previous.map(SecretValue::of));
  }

  private static String text(Output<String> output) {
    return PulumiTest.extractValue(output);
  }
}
