package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.automation.AutomationException;
import com.pulumi.automation.ConfigValue;
import dev.nordfaas.engine.EngineProject;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Keys that change, an issuer that is away, callers above their limit: nothing restarts for it. */
@EndToEnd
class ChangedCallersIT {
  /** The edge asks the issuer for a key that it does not know, but only every 30 s. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final String KEY = "edge.apiKeys.partner-a.key";
  private static final String PREVIOUS = "edge.apiKeys.partner-a.previous";
  private static EngineProject project;

  private Workloads before;

  @BeforeAll
  static void openProject() throws IOException, AutomationException {
    project = Lab.openProject();
  }

  @AfterAll
  static void undo() throws IOException, AutomationException {
    project.close();
    Lab.applyOriginal();
  }

  @BeforeEach
  void readWorkloads() {
    before = Workloads.read();
  }

  @AfterEach
  void nothingRestarted() {
    issuer("on");
    assertThat(before.changedUntil(Workloads.read())).isEmpty();
  }

  private static void issuer(String... command) {
    Lab.run(Callers.both(new String[] {"lab/issuer"}, command)).ok();
  }

  private static int withToken(String token) {
    return Lab.edge(Callers.TOKEN, Callers.bearer(token)).status();
  }

  private static int withKey(String key) {
    return Lab.edge(Callers.KEY, Callers.header("X-Api-Key: " + key)).status();
  }

  private static void setSecret(String key, String value) throws AutomationException {
    project.stack().setConfig("nordfaas:" + key, new ConfigValue(value, true), true);
  }

  /** Waits for a token of the new keys to be accepted. */
  private static void assertAccepted(String token) {
    assertThat(Lab.eventually(PATIENCE, () -> withToken(token), status -> status == 200))
        .isEqualTo(200);
  }

  @Test
  void aRotatedKeyIsAcceptedAndTheOneBeforeNoLonger() {
    var old = Lab.token("orders", "lifetime=10m");
    assertThat(withToken(old)).isEqualTo(200);

    issuer("rotate");

    assertAccepted(Lab.token("orders", "lifetime=10m"));
    assertThat(withToken(old)).isEqualTo(401);
  }

  @Test
  void tokensOfAKeyThatIsStillPublishedAreAcceptedAfterARotation() {
    var old = Lab.token("orders", "lifetime=10m", "alg=ES256");
    assertThat(withToken(old)).isEqualTo(200);

    issuer("rotate", "keep");

    assertAccepted(Lab.token("orders", "lifetime=10m", "alg=ES256"));
    assertThat(withToken(old)).isEqualTo(200);
  }

  @Test
  void knownKeysGoOnWhileTheIssuerIsAway() throws Exception {
    var token = Lab.token("orders", "lifetime=10m");
    var notSeenYet = Lab.token("other", "lifetime=10m", "alg=ES256");
    var wrong = Lab.token("orders", "kind=signature");
    var unknown = Lab.token("orders", "kind=kid");
    assertAccepted(token);

    issuer("off");

    assertThat(withToken(token)).isEqualTo(200);
    assertThat(withToken(notSeenYet)).isEqualTo(200);
    assertThat(withToken(wrong)).isEqualTo(401);
    assertThat(withToken(unknown)).isEqualTo(401);
    assertThat(Lab.edge(Callers.PUBLIC).status()).isEqualTo(200);

    project.set("edge.maxRequestBody", "2Mi");
    project.up();
    assertThat(withToken(token)).as("after another config was read").isEqualTo(200);
  }

  @Test
  void anApiKeyIsReplacedStepByStepWithoutARefusedCall() throws Exception {
    var old = Callers.apiKey("partner-a");
    var next = ("next-" + UUID.randomUUID() + UUID.randomUUID()).substring(0, 48);
    assertThat(withKey(old)).isEqualTo(200);
    assertThat(withKey(next)).isEqualTo(401);

    setSecret(PREVIOUS, old);
    setSecret(KEY, next);
    project.up();
    assertThat(Lab.eventually(PATIENCE, () -> withKey(next), status -> status == 200))
        .as("the new one")
        .isEqualTo(200);
    assertThat(withKey(old)).as("the old one, while both are valid").isEqualTo(200);

    project.stack().removeConfig("nordfaas:" + PREVIOUS, true);
    project.up();
    assertThat(Lab.eventually(PATIENCE, () -> withKey(old), status -> status == 401))
        .as("the old one, revoked")
        .isEqualTo(401);
    assertThat(withKey(next)).isEqualTo(200);
  }

  @Test
  @Tag("lab-faults")
  void aCallerAboveItsLimitIsToldToWaitAndAnotherIsNot() throws Exception {
    project.set("edge.callerLimit.requests", "5");
    project.up();
    try {
      var token = Lab.token("orders");
      var another = Lab.token("orders", "alg=ES256");
      var other = Lab.token("other");
      var refused =
          Lab.eventually(
              () -> Lab.edge(Callers.TOKEN, Callers.bearer(token)),
              answer -> answer.status() == 429);

      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.headers().get("retry-after")).matches("[0-9]+");
      assertThat(IntStream.range(0, 3).map(i -> withToken(another)).toArray())
          .as("the same caller with another token")
          .contains(429);
      assertThat(withToken(other)).isEqualTo(200);
      assertThat(Lab.edge(Callers.PUBLIC).status()).isEqualTo(200);
    } finally {
      project.set("edge.callerLimit.requests", "50000");
      project.up();
    }
  }
}
