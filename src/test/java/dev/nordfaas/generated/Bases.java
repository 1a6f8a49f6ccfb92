package dev.nordfaas.generated;

import dev.nordfaas.config.check.ConfigLoader;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.policy.Rules;
import dev.nordfaas.testing.CaddyServer;
import dev.nordfaas.testing.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The valid configs that random ones start from: the stacks of the tests, and each with each of the
 * features that fit it.
 */
final class Bases {
  private static final Path FEATURES = Path.of("src/test/resources/generated/features.yaml");
  private static final Path AIR_GAP = Path.of("target/generated");

  /**
   * One feature.
   *
   * @param stacks that it fits
   * @param merge what it adds to them
   */
  record Feature(List<String> stacks, ObjectNode merge) {
    boolean fits(String stack) {
      return stacks.contains(stack);
    }
  }

  /** A stack, how it is called, and its plan. */
  record Base(String name, ObjectNode tree, Plan plan) {
    Base(String name, ObjectNode tree) {
      this(name, tree, ConfigLoader.load(new GeneratedConfig(tree).source(), Rules::check).plan());
    }
  }

  private Bases() {}

  /** All of them. */
  static List<Base> all() {
    putAirGapFiles();
    var features = features();
    var bases = new ArrayList<Base>();
    for (var stack : Fixtures.stacks().toList()) {
      var plain = stack(stack);
      bases.add(new Base(stack, plain));
      for (var i = 0; i < features.size(); i++) {
        if (features.get(i).fits(stack)) {
          var tree = plain.deepCopy();
          merge(tree, features.get(i).merge());
          bases.add(new Base(stack + " with feature " + i, tree));
        }
      }
    }
    return bases;
  }

  /** The features, in their order. */
  static List<Feature> features() {
    var tls = CaddyServer.certificate("generated");
    try {
      var text =
          Files.readString(FEATURES)
              .replace("PEM(chain)", quoted(tls.certificate()))
              .replace("PEM(key)", quoted(tls.privateKey()))
              .replace("PEM(ca)", quoted(tls.caCertificate()));
      return new YAMLMapper()
          .readTree(text)
          .valueStream()
          .map(
              it ->
                  new Feature(
                      it.get("on").valueStream().map(JsonNode::stringValue).toList(),
                      (ObjectNode) it.get("merge")))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(String text) {
    return JsonNodeFactory.instance.stringNode(text).toString();
  }

  private static void putAirGapFiles() {
    try {
      Files.createDirectories(AIR_GAP);
      Files.writeString(AIR_GAP.resolve("k3s"), "");
      Files.writeString(AIR_GAP.resolve("images.tar.zst"), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode stack(String name) {
    var mapper = new JsonMapper();
    var tree = JsonNodeFactory.instance.objectNode();
    Fixtures.source(name)
        .sections()
        .forEach((section, text) -> tree.set(section, mapper.readTree(text)));
    return tree;
  }

  /** As RFC 7396 merges. */
  static void merge(ObjectNode into, ObjectNode patch) {
    for (var entry : patch.properties()) {
      var name = entry.getKey();
      if (entry.getValue().isNull()) {
        into.remove(name);
      } else if (entry.getValue() instanceof ObjectNode inner) {
        if (!(into.get(name) instanceof ObjectNode)) {
          into.putObject(name);
        }
        merge((ObjectNode) into.get(name), inner);
      } else {
        into.set(name, entry.getValue().deepCopy());
      }
    }
  }
}
