package dev.nordfaas.config.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSourceTest {

  @Test
  void readsOwnKeysFromEnvironment() {
    var source =
        ConfigSource.fromEnvironment(
            Map.of(
                "PULUMI_STACK", "oslo",
                "PULUMI_CONFIG", "{\"kubernetes:x\":\"1\",\"nordfaas:ssh\":\"{\\\"port\\\":22}\"}",
                "PULUMI_CONFIG_SECRET_KEYS", "[\"nordfaas:ssh\",\"kubernetes:x\"]"));

    assertThat(source.stack()).isEqualTo("oslo");
    assertThat(source.sections()).containsExactly(Map.entry("ssh", "{\"port\":22}"));
    assertThat(source.secretSections()).containsExactly("ssh");
  }

  /** The expected text is what Pulumi 3.259.0 puts into PULUMI_CONFIG for this file. */
  @Test
  void typesScalarsAsTheCliDoes() {
    var yaml =
        """
        config:
          nordfaas:x:
            list: [1, "2", NO, no, off, yes, y, 012, 0x10, 1e3, 1_000, ~]
            country: NO
            q: "NO"
            big2: 9007199254740993
            f: 1.5
            f2: 1.0
            e: {}
            el: []
            nul: null
            multi: |
              a
              b
            b: true
            "net.core.somaxconn": 8192
            8080: x
            true: y
            &a anchor: 1
            t: 12:30:00
            z: 0
            a:
              - b
        """;

    assertThat(StackFile.parse("oslo", yaml).sections().get("x"))
        .isEqualTo(
            "{\"8080\":\"x\",\"a\":[\"b\"],\"anchor\":1,\"b\":true,\"big2\":9007199254740993,"
                + "\"country\":\"NO\",\"e\":{},\"el\":[],\"f\":1.5,\"f2\":1,"
                + "\"list\":[1,\"2\",\"NO\",\"no\",\"off\",\"yes\",\"y\",10,16,1000,1000,null],"
                + "\"multi\":\"a\\nb\\n\",\"net.core.somaxconn\":8192,\"nul\":null,\"q\":\"NO\","
                + "\"t\":\"12:30:00\",\"true\":\"y\",\"z\":0}");
  }

  @Test
  void passesSectionThatIsScalarOnAsText() {
    var source =
        StackFile.parse("oslo", "config: {nordfaas:a: NO, nordfaas:b: 1.50, nordfaas:c: }");

    assertThat(source.sections()).isEqualTo(Map.of("a", "NO", "b", "1.5", "c", ""));
  }

  @Test
  void putsPlaceholderForEncryptedValue() {
    var source = StackFile.parse("oslo", "config: {nordfaas:ssh: {privateKey: {secure: v1:abc}}}");

    assertThat(source.sections()).containsEntry("ssh", "{\"privateKey\":\"[secret]\"}");
    assertThat(source.secretSections()).containsExactly("ssh");
  }

  @Test
  void refusesKeyThatIsThereTwice() {
    assertThatThrownBy(() -> StackFile.parse("oslo", "config: {nordfaas:a: 1, nordfaas:a: 2}"))
        .isInstanceOf(InvalidStackConfigException.class)
        .hasMessage(
            "Stack 'oslo' is not valid: Pulumi.oslo.yaml cannot be read: line 1: duplicate key 'nordfaas:a', first in line 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"&a {b: *a}", "&a [*a]"})
  void refusesValueThatContainsItself(String value) {
    assertThatThrownBy(() -> StackFile.parse("oslo", "config: {nordfaas:a: %s}".formatted(value)))
        .isInstanceOf(InvalidStackConfigException.class)
        .hasMessage(
            "Stack 'oslo' is not valid: Pulumi.oslo.yaml cannot be read: line 1: a value contains itself");
  }

  @Test
  void takesNumbersBeyondDoublesForTexts() {
    assertThat(StackFile.parse("oslo", "config: {nordfaas:a: {x: 1e999999999}}").sections())
        .containsEntry("a", "{\"x\":\"1e999999999\"}");
  }

  @Test
  void refusesWhatIsNotYaml() {
    assertThatThrownBy(() -> StackFile.parse("oslo", "config: {"))
        .isInstanceOf(InvalidStackConfigException.class)
        .hasMessageStartingWith("Stack 'oslo' is not valid: Pulumi.oslo.yaml cannot be read: ");
  }

  @Test
  void readsFileWithoutConfig() {
    assertThat(StackFile.parse("oslo", "encryptionsalt: x").sections()).isEmpty();
    assertThat(StackFile.parse("oslo", "").sections()).isEmpty();
  }
}
