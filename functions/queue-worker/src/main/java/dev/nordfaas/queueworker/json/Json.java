package dev.nordfaas.queueworker.json;

import dev.nordfaas.jsoncheck.StrictJson;
import tools.jackson.databind.json.JsonMapper;

/** JSON, read strictly. */
public final class Json {
  /** The one mapper of the program. */
  public static final JsonMapper MAPPER = StrictJson.MAPPER;

  private Json() {}
}
