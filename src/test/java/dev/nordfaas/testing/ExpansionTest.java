package dev.nordfaas.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases of Kubernetes' own test, {@code expand_test.go}. */
class ExpansionTest {
  private static final Map<String, String> VARIABLES =
      Map.of("VAR_A", "A", "VAR_B", "B", "VAR_C", "C", "VAR_REF", "$(VAR_A)", "VAR_EMPTY", "");

  @ParameterizedTest
  @CsvSource({
    "$(VAR_A), A",
    "$(VAR_A)-$(VAR_A), A-A",
    "$(VAR_A)-1, A-1",
    "___$(VAR_B)___, ___B___",
    "___$(VAR_C), ___C",
    "$(VAR_A)_$(VAR_B)_$(VAR_C), A_B_C",
    "$$(VAR_B)_$(VAR_A), $(VAR_B)_A",
    "$$(VAR_A)_$$(VAR_B), $(VAR_A)_$(VAR_B)",
    "f000-$$VAR_A, f000-$VAR_A",
    "foo\\$(VAR_C)bar, foo\\Cbar",
    "$(VAR_A$(VAR_B)), $(VAR_A$(VAR_B))",
    "$(VAR_A$(VAR_B), $(VAR_A$(VAR_B)",
    "$(VAR_REF), $(VAR_A)",
    "%%$(VAR_REF)--$(VAR_REF)%%, %%$(VAR_A)--$(VAR_A)%%",
    "foo$(VAR_EMPTY)bar, foobar",
    "foo$(VAR_Awhoops!, foo$(VAR_Awhoops!",
    "f00__(VAR_A)__, f00__(VAR_A)__",
    "$?_boo_$!, $?_boo_$!",
    "$VAR_A, $VAR_A",
    "$(VAR_DNE), $(VAR_DNE)",
    "$$$$$$(BIG_MONEY), $$$(BIG_MONEY)",
    "$$$$$$(VAR_A), $$$(VAR_A)",
    "$$$$$$$(GOOD_ODDS), $$$$(GOOD_ODDS)",
    "$$$$$$$(VAR_A), $$$A",
    "$VAR_A), $VAR_A)",
    "${VAR_A}, ${VAR_A}",
    "$(VAR_B)_______$(A, B_______$(A",
    "$(VAR_C)_______$(, C_______$(",
    "$(VAR_A)foobarzab$, Afoobarzab$",
    "--$($($($($--, --$($($($($--",
    "$($($($($--foo$(, $($($($($--foo$(",
    "foo0--$($($($(, foo0--$($($($(",
    "$(foo$$var), $(foo$$var)",
    "$£FOO, $£FOO",
    "prefix-$€-suffix, prefix-$€-suffix",
    "$中文, $中文"
  })
  void expandsAsTheKubeletDoes(String input, String expected) {
    assertThat(
            Expansion.expand(input, name -> VARIABLES.getOrDefault(name, "$(%s)".formatted(name))))
        .isEqualTo(expected);
  }
}
