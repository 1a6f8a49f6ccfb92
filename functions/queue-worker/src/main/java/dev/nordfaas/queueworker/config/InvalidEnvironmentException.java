package dev.nordfaas.queueworker.config;

import java.util.List;

/** The environment is not what the role needs; the message lists all problems. */
public final class InvalidEnvironmentException extends RuntimeException {
  InvalidEnvironmentException(List<String> problems) {
    super(
        "The environment is not valid (%d %s):\n  %s"
            .formatted(
                problems.size(),
                problems.size() == 1 ? "problem" : "problems",
                String.join("\n  ", problems)));
  }
}
