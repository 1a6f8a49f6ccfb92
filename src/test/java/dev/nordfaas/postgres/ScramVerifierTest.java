package dev.nordfaas.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class ScramVerifierTest {
  /** The exchange of RFC 7677: its server signature is made with this server key. */
  @Test
  void hasTheKeysOfTheStandardsExample() throws Exception {
    var salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

    assertThat(ScramVerifier.of("pencil", salt, 4096))
        .isEqualTo(
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
  }

  @Test
  void isTheSameForTheSamePassword() {
    assertThat(ScramVerifier.of("a1")).isEqualTo(ScramVerifier.of("a1"));
  }

  @Test
  void hasAnotherSaltForAnotherPassword() {
    assertThat(ScramVerifier.of("a1").split("\\$")[1])
        .isNotEqualTo(ScramVerifier.of("a2").split("\\$")[1]);
  }

  @Test
  void existsForAPasswordThatIsNotGeneratedYet() {
    assertThat(ScramVerifier.of("")).startsWith("SCRAM-SHA-256$4096:");
  }
}
