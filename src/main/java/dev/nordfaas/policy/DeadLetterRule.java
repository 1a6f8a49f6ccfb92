package dev.nordfaas.policy;

import dev.nordfaas.config.KeyPath;
import dev.nordfaas.config.Problems;
import dev.nordfaas.config.Rule;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.nats.DeadLetters;

/** The names and subjects of the dead-letter streams, which nordfaas makes, are not taken. */
final class DeadLetterRule implements Rule {
  private static final KeyPath STREAMS = KeyPath.of("nats", "streams");

  @Override
  public void check(StackConfig config, Problems problems) {
    config
        .nats()
        .streams()
        .forEach(
            (name, stream) -> {
              if (name.endsWith(DeadLetters.SUFFIX)) {
                problems.add(
                    STREAMS.key(name),
                    "the ending %s is that of dead-letter streams".formatted(DeadLetters.SUFFIX),
                    "choose another name");
              }
              for (var i = 0; i < stream.subjects().size(); i++) {
                var subject = stream.subjects().get(i);
                if (Subjects.overlap(subject, DeadLetters.ALL_SUBJECTS)) {
                  problems.add(
                      STREAMS.key(name).key("subjects").index(i),
                      "\"%s\" overlaps \"%s\", where the dead letters go"
                          .formatted(subject, DeadLetters.ALL_SUBJECTS),
                      "choose another subject");
                }
              }
            });
  }
}
