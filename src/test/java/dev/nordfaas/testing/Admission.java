package dev.nordfaas.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * A policy of the Kubernetes API server, evaluated by its own admission plug-in.
 *
 * @param policy the {@code ValidatingAdmissionPolicy}
 * @param binding its {@code ValidatingAdmissionPolicyBinding}
 */
public record Admission(Map<String, Object> policy, Map<String, Object> binding) {
  private static final JsonMapper MAPPER = new JsonMapper();

  /**
   * A request to the API server.
   *
   * @param name in the test
   * @param operation {@code CREATE} or {@code UPDATE}
   * @param subresource empty for the pod itself
   */
  public record Request(String name, String operation, String subresource, Map<?, ?> object) {
    /** The creation of a pod. */
    public static Request create(String name, Map<?, ?> pod) {
      return new Request(name, "CREATE", "", pod);
    }
  }

  /** Why requests are refused, by their names; empty for those that are admitted. */
  public SortedMap<String, String> reasons(List<Request> requests) {
    var input =
        Map.of(
            "policy",
            whole(policy),
            "binding",
            whole(binding),
            "requests",
            requests.stream().map(Admission::fields).toList());
    var reasons = new TreeMap<String, String>();
    for (var line : run(MAPPER.writeValueAsBytes(input)).lines().toList()) {
      var parts = line.split("\t", 2);
      reasons.put(parts[0], parts[1]);
    }
    assertThat(reasons).hasSameSizeAs(requests);
    return reasons;
  }

  private static Map<String, Object> fields(Request request) {
    return Map.of(
        "name",
        request.name(),
        "operation",
        request.operation(),
        "subresource",
        request.subresource(),
        "object",
        whole(request.object()));
  }

  private static String run(byte[] input) {
    try {
      var process =
          new ProcessBuilder(LabPrograms.admission())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input);
      }
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isZero();
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The mocks record every number as a fraction. */
  private static Object whole(Object value) {
    if (value instanceof Map<?, ?> map) {
      var copy = new LinkedHashMap<Object, Object>();
      map.forEach((key, each) -> copy.put(key, whole(each)));
      return copy;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Admission::whole).toList();
    }
    return value instanceof Double number && number == Math.rint(number)
        ? (Object) number.longValue()
        : value;
  }
}
