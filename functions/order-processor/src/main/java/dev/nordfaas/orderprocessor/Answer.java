package dev.nordfaas.orderprocessor;

import dev.nordfaas.jsoncheck.Problem;
import java.util.List;
import java.util.Map;

/**
 * The answer to a call.
 *
 * @param body becomes JSON
 */
record Answer(int status, Map<String, String> headers, Object body) {
  static Answer ok(Object body) {
    return new Answer(200, Map.of(), body);
  }

  static Answer error(int status, String error) {
    return new Answer(status, Map.of(), Map.of("error", error));
  }

  static Answer invalid(List<Problem> problems) {
    return new Answer(400, Map.of(), new Invalid("the order is not valid", problems));
  }

  /** The caller may retry: it did nothing wrong. */
  static Answer unavailable(String error) {
    return new Answer(503, Map.of("Retry-After", "1"), Map.of("error", error));
  }

  /** For a method that the function does not serve. */
  static Answer wrongMethod(Grant grant) {
    return new Answer(
        405,
        Map.of("Allow", grant.allow()),
        Map.of("error", "the method has to be one of " + grant.allow()));
  }

  /** The body of an answer that lists problems. */
  record Invalid(String error, List<Problem> problems) {}
}
