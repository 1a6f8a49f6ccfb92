package platform;

import static dev.nordfaas.testing.PlanAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.testing.Recorded;
import dev.nordfaas.testing.Stacks;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the stacks say of the functions, without an engine and without a cluster. */
class FunctionsTest {
  static Stream<Path> stacks() {
    return Stacks.in(Path.of(""));
  }

  @ParameterizedTest
  @MethodSource("stacks")
  void everyStackIsValidAndFitsOnItsNodes(Path stack) {
    assertThat(Stacks.of(stack).plan()).fits();
  }

  @Test
  void helloConnectsToNothingOutsideTheCluster() {
    assertThat(Stacks.named("oslo").plan()).hasFunction("hello").reachesOnly("hello");
  }

  @Test
  void helloRunsReadOnlyAndWithoutPrivileges() {
    var registered = Recorded.of(Stacks.named("oslo").plan());

    var container = "spec.template.spec.containers.0.securityContext.";
    var hello = registered.one("kubernetes:apps/v1:Deployment", "hello-deployment");
    assertThat(hello.at(container + "readOnlyRootFilesystem")).contains(true);
    assertThat(hello.at(container + "allowPrivilegeEscalation")).contains(false);
  }
}
