package dev.nordfaas.config.check;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.Cpu;
import dev.nordfaas.config.DomainName;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.config.SshAuthorizedKey;
import dev.nordfaas.config.SshHostKey;
import dev.nordfaas.config.WebOrigin;
import dev.nordfaas.config.model.ConfigModel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Binds the completed tree to the records. It throws for anything that the checks should have
 * caught: a wrong type, a missing or an unknown key.
 */
final class Binder {
  private static final Map<Class<?>, Function<JsonNode, Object>> SCALARS =
      Map.ofEntries(
          Map.entry(String.class, JsonNode::stringValue),
          Map.entry(int.class, JsonNode::intValue),
          Map.entry(Integer.class, JsonNode::intValue),
          Map.entry(boolean.class, JsonNode::booleanValue),
          Map.entry(Boolean.class, JsonNode::booleanValue),
          Map.entry(ByteSize.class, node -> ByteSize.parse(node.stringValue())),
          Map.entry(Cpu.class, node -> Cpu.parse(node.asString())),
          Map.entry(Duration.class, node -> Durations.parse(node.stringValue())),
          Map.entry(Cidr.class, node -> Cidr.parse(node.stringValue())),
          Map.entry(DomainName.class, node -> DomainName.parse(node.stringValue())),
          Map.entry(WebOrigin.class, node -> WebOrigin.parse(node.stringValue())),
          Map.entry(SshHostKey.class, node -> SshHostKey.parse(node.stringValue())),
          Map.entry(SshAuthorizedKey.class, node -> SshAuthorizedKey.parse(node.stringValue())),
          Map.entry(SecretValue.class, node -> SecretValue.of(node.stringValue())));

  private Binder() {}

  static <R extends Record> R bind(JsonNode tree, Class<R> type) {
    return type.cast(record(tree, type));
  }

  private static Object record(JsonNode tree, Class<?> type) {
    var components = type.getRecordComponents();
    var names = Arrays.stream(components).map(ConfigModel::name).toList();
    if (!new HashSet<>(names).equals(new HashSet<>(tree.propertyNames()))) {
      throw new IllegalArgumentException(
          "%s has the keys %s, not %s"
              .formatted(type.getSimpleName(), names, tree.propertyNames()));
    }
    var arguments =
        Arrays.stream(components)
            .map(
                component ->
                    value(tree.get(ConfigModel.name(component)), component.getGenericType()))
            .toArray();
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object value(JsonNode node, Type type) {
    if (type instanceof ParameterizedType generic) {
      return container(node, generic);
    }
    var plain = (Class<?>) type;
    var scalar = SCALARS.get(plain);
    if (scalar != null) {
      return scalar.apply(node);
    }
    return plain.isEnum() ? constant(plain, node.stringValue()) : record(node, plain);
  }

  private static Object container(JsonNode node, ParameterizedType type) {
    var arguments = type.getActualTypeArguments();
    if (type.getRawType() == Optional.class) {
      return node.isNull() ? Optional.empty() : Optional.of(value(node, arguments[0]));
    }
    if (type.getRawType() == List.class) {
      var list = new ArrayList<Object>();
      node.values().forEach(element -> list.add(value(element, arguments[0])));
      return Collections.unmodifiableList(list);
    }
    // Pulumi passes maps sorted, whatever their order in the file.
    var map = new TreeMap<String, Object>();
    node.properties().forEach(e -> map.put(e.getKey(), value(e.getValue(), arguments[1])));
    return Collections.unmodifiableMap(map);
  }

  private static Object constant(Class<?> type, String word) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> ConfigModel.word((Enum<?>) constant).equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(type.getSimpleName() + " has no " + word));
  }
}
