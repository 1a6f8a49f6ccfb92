package dev.nordfaas.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.RuleCheck;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An edge on several nodes. */
class EdgeRulesTest {
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
    assertThat(problems("set: {nordfaas:edge.image: 'docker.io/library/caddy:2.11.2-alpine'}"))
        .containsExactly(
            "edge.image: the official image docker.io/library/caddy:2.11.2-alpine cannot share certificates, and would not start on 3 nodes; use an image that is built from images/caddy, one node, or tls certificate");
  }

  @Test
  void needsNoOtherImageForACertificateOfYourOwn() {
    assertThat(
            problems(
                "set: {nordfaas:edge.image: 'docker.io/library/caddy:2.11.2-alpine', nordfaas:edge.tls: certificate}"))
        .isEmpty();
  }

  @Test
  void needsNoOtherImageForOneNode() {
    assertThat(
            problems(
                "set: {nordfaas:edge.image: 'docker.io/library/caddy:2.11.2-alpine', nordfaas:edge.nodes: [bergen-1]}"))
        .isEmpty();
  }
}
