package dev.nordfaas.generated;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** cloud-init's schema, in the process of one interpreter. */
final class CloudInitChecker extends FileChecker {
  private static final String SCRIPT =
      """
      import json, sys, yaml
      from cloudinit.config import schema
      known = schema.get_schema()
      for line in sys.stdin:
          text = json.loads(line)
          try:
              if not text.startswith("#cloud-config\\n"):
                  raise ValueError("does not begin with #cloud-config")
              schema.validate_cloudconfig_schema(
                  yaml.safe_load(text), known, strict=True, log_deprecations=True)
              answer = ""
          except Exception as e:
              answer = str(e)
          print(json.dumps(answer), flush=True)
      """;

  private final LineServer server = new LineServer(List.of("/usr/bin/python3", "-c", SCRIPT));
  private final JsonMapper mapper = new JsonMapper();

  CloudInitChecker() {
    super("cloud-init");
  }

  @Override
  Map<String, String> files(Rendering rendering) {
    return rendering.userData();
  }

  @Override
  List<String> problems(String file, String text) {
    var answer =
        mapper
            .readTree(server.ask(JsonNodeFactory.instance.stringNode(text).toString()))
            .stringValue();
    return answer.isEmpty() ? List.of() : List.of(answer);
  }

  @Override
  public void close() {
    server.close();
  }
}
