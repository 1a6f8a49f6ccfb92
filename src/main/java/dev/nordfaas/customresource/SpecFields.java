package dev.nordfaas.customresource;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The fields of a spec, from a record. */
final class SpecFields {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_EMPTY))
          .build();

  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private SpecFields() {}

  /** Names and values; an empty {@code Optional}, text, list or map is left out. */
  static Map<String, Object> of(Record spec) {
    return MAPPER.convertValue(spec, FIELDS);
  }
}
