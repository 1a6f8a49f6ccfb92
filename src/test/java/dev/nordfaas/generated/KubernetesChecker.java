package dev.nordfaas.generated;

import dev.nordfaas.testing.KubernetesTypes;
import dev.nordfaas.testing.LabPrograms;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Kubernetes' API server, whose code says whether it would create an object. */
final class KubernetesChecker extends FileChecker {
  private static final JsonMapper JSON = new JsonMapper();

  /** Certificates are placeholders in what is rendered. */
  private static final String NO_PEM = "warning: tls: failed to find any PEM data";

  /** It is the API server's extension that reads these. */
  private static final String DEFINITION = "CustomResourceDefinition";

  /** It accepts these addresses, and says that it would rather have them written otherwise. */
  private static final String NOT_CANONICAL = "should be in RFC 5952 canonical format";

  private final LineServer server = new LineServer(List.of(LabPrograms.apiValidation()));

  KubernetesChecker() {
    super("Kubernetes");
  }

  @Override
  Map<String, String> files(Rendering rendering) {
    return rendering.objects();
  }

  @Override
  @SuppressWarnings("unchecked") // An object has string keys.
  List<String> problems(String file, String text) {
    var object = (Map<String, Object>) JSON.convertValue(Rendering.yaml(text), Map.class);
    if (KubernetesTypes.isCustom(object) || object.get("kind").equals(DEFINITION)) {
      try {
        KubernetesTypes.validate(object);
        return List.of();
      } catch (AssertionError e) {
        return List.of(String.valueOf(e.getMessage()));
      }
    }
    return JSON.readTree(server.ask(JSON.writeValueAsString(object)))
        .valueStream()
        .map(it -> it.stringValue())
        .filter(it -> !it.startsWith(NO_PEM) && !it.contains(NOT_CANONICAL))
        .toList();
  }

  @Override
  public void close() {
    server.close();
  }
}
