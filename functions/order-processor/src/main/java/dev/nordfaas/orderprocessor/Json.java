package dev.nordfaas.orderprocessor;

import dev.nordfaas.jsoncheck.StrictJson;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** How JSON is read and written here. */
final class Json {
  /** Money stays decimal; ambiguous input is rejected. */
  static final JsonMapper MAPPER =
      StrictJson.MAPPER.rebuild().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private Json() {}
}
