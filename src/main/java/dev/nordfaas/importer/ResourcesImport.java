package dev.nordfaas.importer;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyModel;
import dev.nordfaas.config.model.KeyType;
import dev.nordfaas.config.model.Quote;
import dev.nordfaas.importer.FunctionImport.Difference;
import dev.nordfaas.importer.FunctionImport.Item;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** Requests and limits of a function. */
final class ResourcesImport {
  private static final List<String> KEYS = List.of("memory", "cpu");
  private static final String REQUESTS = "requests";
  private static final String LIMITS = "limits";

  private final FunctionImport function;

  ResourcesImport(FunctionImport function) {
    this.function = function;
  }

  void convert() {
    var requests = function.map(REQUESTS);
    var limits = function.map(LIMITS);
    for (var given : List.of(requests, limits)) {
      given.forEach(
          (key, item) -> {
            if (!KEYS.contains(key)) {
              function.leftOut(item.place(), "only memory and cpu can be asked for", "");
            }
          });
    }
    convert("cpu", requests, limits, Quantity::cpu, "write cores or millicores, such as 2 or 250m");
    convert(
        "memory",
        requests,
        limits,
        Quantity::memory,
        "write bytes with Ki, Mi, Gi, k, M or G, such as 128Mi; m is a thousandth of a byte");
    if (!limits.containsKey("memory")) {
      withoutLimit(requests);
    }
  }

  private void convert(
      String key,
      Map<String, Item> requests,
      Map<String, Item> limits,
      Function<String, Optional<Quantity>> parser,
      String fix) {
    var request = quantity(requests.get(key), key, parser, fix);
    var limit = quantity(limits.get(key), key, parser, fix);
    request.ifPresent(it -> put(REQUESTS, key, it, requests.get(key)));
    limit.ifPresent(it -> put(LIMITS, key, it, limits.get(key)));
    if (request.isPresent() && limit.isPresent()) {
      var item = limits.get(key);
      if (item != null && limit.get().amount() < request.get().amount()) {
        function
            .messages()
            .problem(
                item.place(),
                "%s is below the request of %s".formatted(limit.get().text(), request.get().text()),
                "Kubernetes takes no such pod; raise it or lower the request");
      }
    } else {
      // Kubernetes takes the limit where there is no request.
      limit.ifPresent(it -> put(REQUESTS, key, it, limits.get(key)));
    }
  }

  private Optional<Quantity> quantity(
      @Nullable Item item, String key, Function<String, Optional<Quantity>> parser, String fix) {
    if (item == null) {
      return Optional.empty();
    }
    if (item.text().isEmpty()) {
      function.leftOut(item.place(), "it has no value", "");
      return Optional.empty();
    }
    var quantity = parser.apply(item.text());
    if (quantity.isEmpty()) {
      function
          .messages()
          .problem(
              item.place(),
              "%s is no amount of %s"
                  .formatted(Quote.of(item.text()), key.equals("cpu") ? "CPU" : key),
              fix);
    }
    return quantity;
  }

  private void put(String section, String key, Quantity quantity, @Nullable Item item) {
    if (item != null) {
      function.put(
          List.of("resources", section, key),
          JsonNodeFactory.instance.stringNode(quantity.text()),
          item.place());
    }
  }

  /** Here every function has one, so that none can take a node's memory. */
  private void withoutLimit(Map<String, Item> requests) {
    var item = requests.get("memory");
    var request = Optional.ofNullable(item).map(Item::text).flatMap(Quantity::memory);
    var byDefault = ByteSize.parse(defaultLimit());
    if (item != null && request.filter(it -> it.amount() > byDefault.bytes()).isPresent()) {
      put(LIMITS, "memory", request.get(), item);
      function.changed(
          item.place(),
          "the limit of memory is as much as the request, as every function has one",
          "raise resources.limits.memory if it needs more");
    } else {
      function.differs(Difference.UNLIMITED);
    }
  }

  private static String defaultLimit() {
    var functions = below(ConfigModel.stackConfig(), "functions").type();
    var resources =
        below((KeyType.Group) ((KeyType.MapOf) functions).value(), "resources").defaultValue();
    return resources.orElseThrow().path(LIMITS).path("memory").asString();
  }

  private static KeyModel below(KeyType.Group group, String name) {
    return group.keys().stream().filter(key -> key.name().equals(name)).findFirst().orElseThrow();
  }
}
