package dev.nordfaas.config.model;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.Cpu;
import dev.nordfaas.config.DomainName;
import dev.nordfaas.config.Key;
import dev.nordfaas.config.Retired;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.config.SshAuthorizedKey;
import dev.nordfaas.config.SshHostKey;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.WebOrigin;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Describes the records of the stack config: for the loader, the reference and the schema alike.
 */
public final class ConfigModel {
  private static final Map<Class<?>, KeyType> SCALARS =
      Map.ofEntries(
          Map.entry(String.class, KeyType.Scalar.TEXT),
          Map.entry(int.class, KeyType.Scalar.INTEGER),
          Map.entry(Integer.class, KeyType.Scalar.INTEGER),
          Map.entry(boolean.class, KeyType.Scalar.BOOLEAN),
          Map.entry(Boolean.class, KeyType.Scalar.BOOLEAN),
          Map.entry(ByteSize.class, KeyType.Scalar.SIZE),
          Map.entry(Cpu.class, KeyType.Scalar.CPU),
          Map.entry(Duration.class, KeyType.Scalar.DURATION),
          Map.entry(Cidr.class, KeyType.Scalar.NETWORK),
          Map.entry(DomainName.class, KeyType.Scalar.DOMAIN),
          Map.entry(WebOrigin.class, KeyType.Scalar.WEB_ORIGIN),
          Map.entry(SshHostKey.class, KeyType.Scalar.HOST_KEY),
          Map.entry(SshAuthorizedKey.class, KeyType.Scalar.AUTHORIZED_KEY),
          Map.entry(SecretValue.class, KeyType.Scalar.SECRET));

  private static final KeyType.Group STACK_CONFIG = group(StackConfig.class);

  private ConfigModel() {}

  /** The sections. */
  public static KeyType.Group stackConfig() {
    return STACK_CONFIG;
  }

  /** Whether some stack config has a key at the path, or an entry of a map or list. */
  public static boolean has(KeyPath path) {
    KeyType type = STACK_CONFIG;
    for (var segment : path.segments()) {
      var below = below(type, segment);
      if (below.isEmpty()) {
        return false;
      }
      type = below.get();
    }
    return true;
  }

  /** The type of the key, of the entry of a map, or of the element of a list, if there is one. */
  public static Optional<KeyType> below(KeyType type, Object segment) {
    if (type instanceof KeyType.Group group) {
      return group.key(segment.toString()).map(KeyModel::type);
    }
    if (type instanceof KeyType.MapOf map) {
      return Optional.of(map.value());
    }
    return type instanceof KeyType.ListOf list && segment instanceof Integer
        ? Optional.of(list.element())
        : Optional.empty();
  }

  /** The keys of a record. */
  public static KeyType.Group group(Class<?> record) {
    return new KeyType.Group(
        Arrays.stream(record.getRecordComponents()).map(ConfigModel::key).toList(),
        List.of(record.getAnnotationsByType(Retired.class)));
  }

  private static KeyModel key(RecordComponent component) {
    var key = annotation(component);
    var optional = component.getType() == Optional.class;
    var type = optional ? argument(component.getGenericType(), 0) : component.getGenericType();
    return new KeyModel(name(component), type(type), optional, key);
  }

  /** The name of the key that a component of a record is for. */
  public static String name(RecordComponent component) {
    var name = annotation(component).name();
    return name.isEmpty() ? component.getName() : name;
  }

  private static Key annotation(RecordComponent component) {
    return Objects.requireNonNull(
        component.getAnnotation(Key.class), () -> component + " has no @Key");
  }

  private static KeyType type(Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == List.class
          ? new KeyType.ListOf(type(argument(type, 0)))
          : new KeyType.MapOf(type(argument(type, 1)));
    }
    var plain = (Class<?>) type;
    var scalar = SCALARS.get(plain);
    if (scalar != null) {
      return scalar;
    }
    return plain.isEnum() ? new KeyType.Choice(words(plain)) : group(plain);
  }

  private static List<String> words(Class<?> constants) {
    return Arrays.stream(constants.getEnumConstants())
        .map(constant -> word((Enum<?>) constant))
        .toList();
  }

  /** What stands for a constant in the stack config, such as {@code wireguard-native}. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }
}
