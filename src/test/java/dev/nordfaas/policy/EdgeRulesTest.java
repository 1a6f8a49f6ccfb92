package dev.nordfaas.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.RuleCheck;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An edge on several nodes. */
class EdgeRulesTest {
  private static final String OFFICIAL =
      "set: {nordfaas:edge.image: 'docker.io/library/caddy:2.11.2-alpine'";

  /** Every route is. */
  private static final String PUBLIC =
      ", nordfaas:functions.order-status.http.auth: {public: true}, nordfaas:queueWorker.intake.routes.orders.auth: {public: true}";

  private static List<String> problems(String patch) {
    return RuleCheck.problems(new EdgeRule(), "bergen", patch);
  }

  @Test
  void mayBeOnAllNodes() {
    assertThat(
            problems(
                "set: {nordfaas:edge.nodes: [bergen-1, bergen-2, bergen-3, bergen-4, bergen-5]}"))
        .isEmpty();
  }

  @Test
  void isOnceOnANode() {
    assertThat(problems("set: {nordfaas:edge.nodes: [bergen-2, bergen-1, bergen-2]}"))
        .containsExactly(
            "edge.nodes[2]: bergen-2 is listed twice; remove one of them: a node has one edge");
  }

  @Test
  void cannotShareCertificatesWithTheOfficialImage() {
    assertThat(problems(OFFICIAL + PUBLIC + "}"))
        .containsExactly(
            "edge.image: the official image docker.io/library/caddy:2.11.2-alpine cannot share certificates, and would not start on 3 nodes; use an image that is built from images/caddy, one node, or tls certificate");
  }

  @Test
  void needsNoOtherImageForACertificateOfYourOwn() {
    assertThat(problems(OFFICIAL + PUBLIC + ", nordfaas:edge.tls: certificate}")).isEmpty();
  }

  @Test
  void needsNoOtherImageForOneNode() {
    assertThat(problems(OFFICIAL + PUBLIC + ", nordfaas:edge.nodes: [bergen-1]}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nordfaas:functions.order-status.http.auth: {public: true}",
        "nordfaas:queueWorker.intake.routes.orders.auth: {public: true}",
        "nordfaas:queueWorker.intake.statusAuth: {apiKeys: [partner-a]}"
      })
  void cannotTellWhoIsCallingWithTheOfficialImage(String rest) {
    assertThat(problems(OFFICIAL + ", nordfaas:edge.nodes: [bergen-1], " + rest + "}"))
        .containsExactly(
            "edge.image: the official image docker.io/library/caddy:2.11.2-alpine cannot tell who is calling, which a route's auth needs, and would not start; use an image that is built from images/caddy");
  }
}
