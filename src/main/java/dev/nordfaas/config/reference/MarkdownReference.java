package dev.nordfaas.config.reference;

import dev.nordfaas.config.Renamed;
import dev.nordfaas.config.model.ConfigModel;
import dev.nordfaas.config.model.KeyModel;
import dev.nordfaas.config.model.KeyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Writes {@code docs/stack-config.md}. */
final class MarkdownReference {
  private static final String INTRO =
      """
      # Stack config

      <!-- Generated from the records of dev.nordfaas.config by `make docs`. Do not edit. -->

      One `Pulumi.<stack>.yaml` describes one datacenter. Its keys are below `config:`, each section
      as `nordfaas:<section>`. Everything is checked before anything is built, and all problems are
      reported at once.

      - Sizes have a unit: `512Ki`, `8Gi`, `400G`. Durations too: `250ms`, `30s`, `5m`, `2h`, `7d`;
        none is above `3650d`.
      - CPU is in cores or thousandths of a core: `2`, `250m`.
      - Where a string may be a whole number, quotes only matter for digits that YAML would
        change: it reads `0755` as 493.
      - Secrets are encrypted: `pulumi config set --secret --path 'nordfaas:ssh.privateKey'`.
      - Where a default is an object, the keys that you give add to it or replace its own.
      - The first line makes editors complete and check the file:
        `# yaml-language-server: $schema=docs/stack-config.schema.json`
      - Functions can be in [files of their own](functions.md#in-files-of-their-own):
        `# yaml-language-server: $schema=../docs/function-file.schema.json`

      A small stack, with little more than what is required:

      ```yaml
      # yaml-language-server: $schema=docs/stack-config.schema.json
      config:
        nordfaas:datacenter:
          name: oslo
          country: "NO"
          environment: staging
          domain: faas.oslo.example.no
        nordfaas:host:
          authorizedKeys:
            - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIzVSagZrLD8s0egEzxoQFYuue3ANdxxlXsrj8VLAEPi ola
          firewall:
            sshCidrs: [198.51.100.0/24]
            apiCidrs: [198.51.100.0/24]
        nordfaas:nodes:
          oslo-1:
            address: 192.0.2.10
            hostKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOp7EA6KzoVcvqT5n862lMahNNeNMDzOq8pLRV80/nhD
            vcpu: 8
            memory: 32Gi
            disk: 400G
        nordfaas:k3s:
          version: v1.35.4+k3s1
        nordfaas:postgres:
          databases:
            quotes: {}
        nordfaas:openfaas:
          edition: community
        nordfaas:edge:
          acmeEmail: drift@example.no
        nordfaas:queueWorker:
          image: ghcr.io/nordfaas/queue-worker:0.1.0
        nordfaas:functions:
          quotes:
            image: ghcr.io/nordfaas/quotes:0.1.0
            http:
              paths: [/quotes]
              auth: {public: true}
            database:
              name: quotes
      ```
      """;

  private static final String EARLIER =
      """

      ## Earlier keys

      Keys of earlier releases that still work, with a warning that says what to write instead. The release
      in the last column refuses them.

      | key | | since | refused from |
      |---|---|---|---|
      """;

  private MarkdownReference() {}

  static String render() {
    var text = new StringBuilder(INTRO);
    for (var section : ConfigModel.stackConfig().keys()) {
      text.append("\n## nordfaas:%s\n\n%s\n".formatted(section.name(), section.key().value()));
      text.append("\n| key | type | default | bounds | meaning |\n|---|---|---|---|---|\n");
      var reference = KeyReference.of(section);
      if (section.type() instanceof KeyType.MapOf) {
        row(reference, section.name() + ".<name>", "The entries by name.", text);
      } else if (section.type() instanceof KeyType.ListOf) {
        row(reference, section.name() + "[]", "The entries in any order.", text);
      }
      rows(reference.children(), text);
    }
    return text + earlierKeys();
  }

  /** Empty while there are none. */
  private static String earlierKeys() {
    var rows = new StringBuilder();
    ConfigModel.stackConfig()
        .keys()
        .forEach(section -> earlierKeys(KeyReference.of(section), rows));
    return rows.isEmpty() ? "" : EARLIER + rows;
  }

  private static void earlierKeys(KeyReference key, StringBuilder rows) {
    group(key.model().type())
        .ifPresent(
            group ->
                group
                    .retired()
                    .forEach(
                        retired ->
                            earlier(
                                key.below() + "." + retired.key(),
                                "no longer used: it " + retired.reason(),
                                retired.since(),
                                retired.until(),
                                rows)));
    for (var child : key.children()) {
      var parent = child.path().substring(0, child.path().lastIndexOf('.'));
      for (var renamed : child.model().earlierNames()) {
        earlier(
            parent + "." + renamed.from(),
            "now "
                + code(child.path())
                + (renamed.shape() == Renamed.Shape.ELEMENT ? ", a list" : ""),
            renamed.since(),
            renamed.until(),
            rows);
      }
      earlierKeys(child, rows);
    }
  }

  private static void earlier(
      String path, String meaning, String since, String until, StringBuilder rows) {
    rows.append("| %s | %s | %s | %s |\n".formatted(code(path), meaning, since, until));
  }

  private static Optional<KeyType.Group> group(KeyType type) {
    if (type instanceof KeyType.MapOf map) {
      return group(map.value());
    }
    if (type instanceof KeyType.ListOf list) {
      return group(list.element());
    }
    return type instanceof KeyType.Group group ? Optional.of(group) : Optional.empty();
  }

  private static void rows(List<KeyReference> keys, StringBuilder text) {
    for (var key : keys) {
      row(key, key.path(), key.model().key().value(), text);
      rows(key.children(), text);
    }
  }

  private static void row(KeyReference key, String path, String meaning, StringBuilder text) {
    var cells =
        List.of(
            code(path),
            type(key.model().type()) + (key.model().key().integers() ? " or whole number" : ""),
            defaultText(key),
            bounds(key.model()),
            meaning);
    text.append("| ")
        .append(String.join(" | ", cells.stream().map(cell -> cell.replace("|", "\\|")).toList()))
        .append(" |\n");
  }

  private static String type(KeyType type) {
    if (type instanceof KeyType.Choice choice) {
      return String.join(", ", choice.words().stream().map(MarkdownReference::code).toList());
    }
    if (type instanceof KeyType.Group) {
      return "object";
    }
    if (type instanceof KeyType.MapOf map) {
      return "map of name to " + type(map.value());
    }
    if (type instanceof KeyType.ListOf list) {
      return "list of " + type(list.element());
    }
    return switch ((KeyType.Scalar) type) {
      case TEXT -> "string";
      case INTEGER -> "whole number";
      case BOOLEAN -> "`true`, `false`";
      case SIZE -> "size";
      case CPU -> "CPU";
      case DURATION -> "duration";
      case NETWORK -> "network";
      case DOMAIN, WEB_ORIGIN -> "string";
      case HOST_KEY, AUTHORIZED_KEY -> "public key";
      case SECRET -> "secret";
    };
  }

  private static String defaultText(KeyReference key) {
    if (key.model().type() instanceof KeyType.Group) {
      return key.model().optional() ? "none" : "";
    }
    if (key.demanded()) {
      return "**required**";
    }
    return key.defaultValue().map(value -> code(yaml(value))).orElse("none");
  }

  private static String yaml(JsonNode value) {
    return value.isString() ? value.stringValue() : value.toString().replace("\"", "");
  }

  private static String bounds(KeyModel model) {
    var key = model.key();
    var bounds = new ArrayList<String>();
    if (key.min() != Long.MIN_VALUE || key.max() != Long.MAX_VALUE) {
      bounds.add("%d to %d".formatted(key.min(), key.max()));
    }
    if (key.notEmpty()) {
      bounds.add("at least one");
    }
    if (!key.keyHint().isEmpty()) {
      bounds.add("name: " + key.keyHint());
    }
    if (!key.hint().isEmpty()) {
      bounds.add(key.hint());
    }
    if (bounds.isEmpty() && !key.example().isEmpty()) {
      bounds.add("such as " + key.example());
    }
    return String.join("; ", bounds);
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
