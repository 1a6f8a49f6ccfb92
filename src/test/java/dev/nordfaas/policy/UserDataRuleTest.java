package dev.nordfaas.policy;

import static dev.nordfaas.config.check.RuleCheck.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class UserDataRuleTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIzVSagZrLD8s0egEzxoQFYuue3ANdxxlXsrj8VLAEPi ola";

  @Test
  void allowsATeamWithItsKeys() {
    assertThat(problems(new UserDataRule(), keys(60))).isEmpty();
  }

  @Test
  void refusesMoreKeysThanUserDataHolds() {
    assertThat(problems(new UserDataRule(), keys(200)))
        .singleElement()
        .asString()
        .matches(
            "host.authorizedKeys: with 200 of them user-data has 2[0-9]{4} bytes, but not every provider accepts more than 16384; remove some");
  }

  private static String keys(int count) {
    return "set: {nordfaas:host.authorizedKeys: [%s]}"
        .formatted(String.join(", ", Collections.nCopies(count, KEY)));
  }
}
