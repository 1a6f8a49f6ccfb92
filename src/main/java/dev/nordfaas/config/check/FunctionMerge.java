package dev.nordfaas.config.check;

import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.config.model.KeyType;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Puts functions of several files together, and remembers what is from where. */
final class FunctionMerge {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final KeyPath FUNCTIONS = KeyPath.of(FunctionFiles.FUNCTIONS);

  private final ObjectNode functions = NODES.objectNode();
  private final Problems problems;
  private final String stackFile;

  FunctionMerge(Problems problems, String stackFile) {
    this.problems = problems;
    this.stackFile = stackFile;
  }

  ObjectNode functions() {
    return functions;
  }

  /** Adds those of a file, which is not encrypted: so without secrets, which are refused. */
  void add(ObjectNode more, KeyType type, String file) {
    if (withoutSecrets(more, Optional.of(type), FUNCTIONS, file) instanceof ObjectNode plain) {
      merge(functions, plain, FUNCTIONS, file);
    }
  }

  /** Adds those of the stack's own file; last, so that what is missing is missed in the others. */
  void addOwn(ObjectNode more) {
    merge(functions, more, FUNCTIONS, stackFile);
  }

  private void merge(ObjectNode into, ObjectNode more, KeyPath path, String file) {
    for (var entry : more.properties()) {
      var at = path.key(entry.getKey());
      var there = into.get(entry.getKey());
      if (there == null) {
        into.set(entry.getKey(), entry.getValue());
        problems.standsIn(at, Optional.of(file).filter(name -> !name.equals(stackFile)));
      } else if (there instanceof ObjectNode map && entry.getValue() instanceof ObjectNode others) {
        merge(map, others, at, file);
      } else {
        problems.addMalformed(at, "is also in " + file, "keep it in one of them");
      }
    }
  }

  /** A missing node if it is one itself. */
  private JsonNode withoutSecrets(
      JsonNode given, Optional<KeyType> type, KeyPath path, String file) {
    if (isSecret(given, type)) {
      refuse(path, type, file);
      return NODES.missingNode();
    }
    if (given instanceof ArrayNode list) {
      var copy = NODES.arrayNode();
      for (var i = 0; i < list.size(); i++) {
        var kept = withoutSecrets(list.get(i), below(type, i), path.index(i), file);
        if (!kept.isMissingNode()) {
          copy.add(kept);
        }
      }
      return copy;
    }
    if (!(given instanceof ObjectNode object)) {
      return given;
    }
    var copy = NODES.objectNode();
    for (var entry : object.properties()) {
      var name = entry.getKey();
      var kept = withoutSecrets(entry.getValue(), below(type, name), path.key(name), file);
      if (!kept.isMissingNode()) {
        copy.set(name, kept);
      }
    }
    return copy;
  }

  private static Optional<KeyType> below(Optional<KeyType> type, Object segment) {
    return type.flatMap(it -> ConfigModel.below(it, segment));
  }

  /** A map of secrets is what its secrets are in. */
  private static boolean isSecret(JsonNode value, Optional<KeyType> type) {
    return type.filter(KeyType::isSecret)
            .filter(it -> it == KeyType.Scalar.SECRET || !value.isObject())
            .isPresent()
        || (value instanceof ObjectNode object && StackFile.isSecret(object));
  }

  /** Never with the value. */
  private void refuse(KeyPath at, Optional<KeyType> type, String file) {
    if (type.filter(KeyType::isSecret).isPresent()) {
      problems.addMalformed(
          at,
          Optional.of(file),
          "is a secret, and this file is not encrypted",
          "remove it here, and set it with `pulumi config set --secret --path '%s%s'`"
              .formatted(at, type.get() == KeyType.Scalar.SECRET ? "" : ".NAME"));
    } else {
      problems.addMalformed(
          at,
          Optional.of(file),
          "is encrypted, and Pulumi decrypts nothing in this file",
          "write it as it is, or into %s if it is a secret".formatted(stackFile));
    }
  }
}
