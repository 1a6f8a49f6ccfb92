package dev.nordfaas.policy;

import dev.nordfaas.config.NatsConfig.StreamConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.nats.DeadLetters;
import dev.nordfaas.nats.IdempotencyKeys;
import dev.nordfaas.nats.Statuses;
import dev.nordfaas.nats.Subjects;
import dev.nordfaas.plan.Plan;

/** The names and subjects of nordfaas' own streams are not used by others. */
final class ReservedStreamRule implements Rule {
  private static final KeyPath STREAMS = KeyPath.of("nats", "streams");

  /** The Job deletes what it likes from streams with this prefix. */
  private static final String PREFIX = "nordfaas-";

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    config
        .nats()
        .streams()
        .forEach(
            (name, stream) -> {
              var path = STREAMS.key(name);
              checkName(name, path, problems);
              checkSubjects(
                  stream, DeadLetters.ALL_SUBJECTS, "where the dead letters go", path, problems);
              checkSubjects(stream, Statuses.SUBJECTS, "where the statuses go", path, problems);
              checkSubjects(
                  stream,
                  IdempotencyKeys.SUBJECTS,
                  "where the idempotency keys go",
                  path,
                  problems);
            });
  }

  private static void checkName(String name, KeyPath path, Problems problems) {
    if (name.endsWith(DeadLetters.SUFFIX)) {
      problems.add(
          path,
          "the suffix %s is reserved for dead-letter streams".formatted(DeadLetters.SUFFIX),
          "choose another name");
    }
    if (name.equals(Statuses.STREAM)) {
      problems.add(path, "is the name of the status stream", "choose another name");
    } else if (name.equals(IdempotencyKeys.STREAM)) {
      problems.add(path, "is the name of the stream of idempotency keys", "choose another name");
    } else if (name.startsWith(PREFIX)) {
      problems.add(
          path,
          "the prefix %s is reserved for nordfaas' own streams".formatted(PREFIX),
          "choose another name");
    }
  }

  private static void checkSubjects(
      StreamConfig stream, String reserved, String use, KeyPath path, Problems problems) {
    for (var i = 0; i < stream.subjects().size(); i++) {
      var subject = stream.subjects().get(i);
      if (Subjects.overlap(subject, reserved)) {
        problems.add(
            path.key("subjects").index(i),
            "\"%s\" overlaps \"%s\", %s".formatted(subject, reserved, use),
            "choose another subject");
      }
    }
  }
}
