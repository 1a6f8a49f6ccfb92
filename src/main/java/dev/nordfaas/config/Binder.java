package dev.nordfaas.config;

import java.time.Duration;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/** Binds the completed tree to the records; strict, in case a check lets something through. */
final class Binder {
  private Binder() {}

  static StackConfig bind(ObjectNode tree) {
    return JsonMapper.builder()
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
        .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
        .addModule(scalars())
        .build()
        .treeToValue(tree, StackConfig.class);
  }

  private static SimpleModule scalars() {
    return new SimpleModule()
        .addDeserializer(ByteSize.class, new Scalar<>(ByteSize.class, ByteSize::parse))
        .addDeserializer(Cpu.class, new Scalar<>(Cpu.class, Cpu::parse))
        .addDeserializer(Duration.class, new Scalar<>(Duration.class, Durations::parse))
        .addDeserializer(Cidr.class, new Scalar<>(Cidr.class, Cidr::parse))
        .addDeserializer(Secret.class, new Scalar<>(Secret.class, Secret::of));
  }

  private static final class Scalar<T> extends StdDeserializer<T> {
    private final transient Function<String, T> parser;

    Scalar(Class<T> type, Function<String, T> parser) {
      super(type);
      this.parser = parser;
    }

    @Override
    public T deserialize(JsonParser json, DeserializationContext context) {
      return parser.apply(json.getValueAsString());
    }
  }
}
