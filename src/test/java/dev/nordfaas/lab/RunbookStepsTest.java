package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RunbookStepsTest {
  @Test
  void aStepIsTheIndentedBlockBelowItsMark() {
    var steps =
        RunbookSteps.of(
            """
            ## A section (lab3)

            What it is for:

            <!-- lab3: first -->

                one 'a  b'
                  | two

                three

            Text.

                not marked

            1. In a list:

               <!-- lab3: second -->

                   four
            """);

    assertThat(steps.scripts())
        .containsExactly(
            Map.entry("first", "one 'a  b'\n  | two\n\nthree"), Map.entry("second", "four"));
  }

  @Test
  void aMarkWithoutABlockIsRefused() {
    assertThatThrownBy(() -> RunbookSteps.of("Text\n<!-- lab3: alone -->\nText\n"))
        .hasMessage("line 2: there is no indented block below the mark alone");
  }

  @Test
  void aNameThatIsThereTwiceIsRefused() {
    var step = "<!-- lab3: same -->\n\n    command\n\nText\n\n";

    assertThatThrownBy(() -> RunbookSteps.of(step + step))
        .hasMessage("line 7: there is another step same");
  }

  @Test
  void placeholdersGetTheirValues() {
    var steps =
        RunbookSteps.of(
            """
            <!-- lab3: restart -->

                tools/stack up STACK; ssh NODE; kubectl delete secret bergen-2.node-password.k3s
                up --replace '**::DATACENTER-kubeconfig' # a NODEPORT is none
            """);
    var values = Map.of("STACK", "lab3", "NODE", "lab-2", "DATACENTER", "l3", "bergen-2", "lab-3");

    assertThat(steps.script("restart", values))
        .isEqualTo(
            """
            tools/stack up lab3; ssh lab-2; kubectl delete secret lab-3.node-password.k3s
            up --replace '**::l3-kubeconfig' # a NODEPORT is none""");
    assertThatThrownBy(() -> steps.script("restart", Map.of("STACK", "lab3")))
        .hasMessage("no value for NODE of step restart");
    assertThatThrownBy(() -> steps.script("other", Map.of()))
        .hasMessage("docs/runbook.md has no step other; it has [restart]");
  }

  /** What docs/runbook.md says of itself. */
  @Nested
  class Page {
    /** Says what the text below it was run against. */
    private static final Pattern LABEL =
        Pattern.compile(
            "\\(([^()]*\\b(K3s|sshd|stand-in|lab|lab3|NATS|namespaces|not\\s+run)\\b[^()]*)\\)");

    private static final Pattern LABEL_OR_MARK =
        Pattern.compile(LABEL.pattern() + "|<!-- lab3: [a-z0-9-]+ -->");

    @Test
    void everyMarkIsBelowALabelThatSaysSoAndEverySuchLabelHasOne() {
      var isPromised = false;
      var hasStep = true;
      for (var found : LABEL_OR_MARK.matcher(RunbookSteps.page()).results().toList()) {
        if (isMark(found)) {
          assertThat(isPromised).as("%s is below a label lab3", found.group()).isTrue();
          hasStep = true;
        } else {
          assertThat(!isPromised || hasStep).as("a step before %s", found.group()).isTrue();
          isPromised = found.group(1).matches("(?s).*\\blab3\\b.*");
          hasStep = false;
        }
      }
      assertThat(!isPromised || hasStep).isTrue();
    }

    private static boolean isMark(MatchResult found) {
      return found.group(1) == null;
    }

    @Test
    void everyStepIsRunByItsTest() throws IOException {
      var test = Files.readString(Path.of("src/test/java/dev/nordfaas/lab/RunbookIT.java"));

      assertThat(RunbookSteps.read().scripts().keySet())
          .hasSizeGreaterThan(10)
          .allSatisfy(name -> assertThat(test).contains("\"%s\"".formatted(name)));
    }
  }
}
