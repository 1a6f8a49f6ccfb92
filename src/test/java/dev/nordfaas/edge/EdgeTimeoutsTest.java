package dev.nordfaas.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long the edge waits for functions that it calls itself. */
class EdgeTimeoutsTest {
  private static EdgeTimeouts of(String set) {
    var config = PatchedConfig.of("oslo", "set: {%s}".formatted(set));
    return EdgeTimeouts.ofDirectCalls(config.edge().timeouts(), config.functions().values());
  }

  @Test
  void isAsLongAsTheSlowestThatItCallsMayTakeAndSomeMore() {
    assertThat(of("nordfaas:functions.order-status.timeout: 2m").response())
        .isEqualTo(Duration.ofSeconds(125));
  }

  @Test
  void doesNotDependOnFunctionsThatItDoesNotCall() {
    assertThat(of("nordfaas:functions.order-processor.timeout: 2m").response())
        .isEqualTo(Duration.ofSeconds(35));
  }

  @Test
  void isLongEnoughForIntakeHoweverShortCallsAre() {
    assertThat(of("nordfaas:functions.order-status.timeout: 1s").response())
        .isEqualTo(Duration.ofSeconds(35));
  }

  @Test
  void isWhatItsKeysSay() {
    var timeouts =
        of("nordfaas:edge.timeouts: {readHeader: 1s, readBody: 2s, response: 31s, idle: 5s}");

    assertThat(timeouts)
        .isEqualTo(
            new EdgeTimeouts(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(31),
                Duration.ofSeconds(33),
                Duration.ofSeconds(5)));
  }

  @Test
  void givesABodyAsMuchTimeAsAGatewayWould() {
    assertThat(of("nordfaas:edge.timeouts: {}").readBody()).isEqualTo(Duration.ofSeconds(65));
  }
}
