package dev.nordfaas.doctor;

import java.util.List;
import java.util.Optional;

/**
 * What came back from a node.
 *
 * @param exitCode of the client: that of the script, or {@link #SSH_FAILED}
 * @param isTimedOut whether the client was stopped after its time limit
 * @param lines what the script printed, except the clock
 * @param stderr what the script, or the client of a bastion, said
 * @param log what the client said
 * @param clock how the node's clock compares with this machine's
 */
record Answer(
    int exitCode,
    boolean isTimedOut,
    List<String> lines,
    String stderr,
    String log,
    Optional<Finding> clock) {
  private static final int SSH_FAILED = 255;
  private static final String END = "end";

  Answer {
    lines = List.copyOf(lines);
  }

  /** Whether all checks were done. */
  boolean isComplete() {
    return !lines.isEmpty() && lines.get(lines.size() - 1).equals(END);
  }

  boolean isOfSshAlone() {
    return !isTimedOut && exitCode == SSH_FAILED && lines.isEmpty();
  }

  /** Whether sudo refused, so that nothing of the script has run. */
  boolean isOfSudoAlone() {
    return !isTimedOut && lines.isEmpty() && stderr.contains("sudo");
  }
}
