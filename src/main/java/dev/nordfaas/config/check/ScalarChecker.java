package dev.nordfaas.config.check;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.Cpu;
import dev.nordfaas.config.DomainName;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.Key;
import dev.nordfaas.config.SshAuthorizedKey;
import dev.nordfaas.config.SshHostKey;
import dev.nordfaas.config.UnusableValueException;
import dev.nordfaas.config.WebOrigin;
import dev.nordfaas.config.model.KeyType;
import dev.nordfaas.config.model.Quote;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Says what is wrong with one scalar, if anything. */
record ScalarChecker(Wording wording) {
  private static final Pattern BARE_NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");
  private static final Pattern FRACTION = Pattern.compile("[0-9]{0,3}\\.[0-9]{1,9}");

  /** What is wrong, and what to do about it. */
  record Complaint(String reason, String fix) {}

  Optional<Complaint> check(JsonNode node, KeyType.Scalar type, Key key) {
    return switch (type) {
      case TEXT -> text(node, key);
      case INTEGER -> integer(node, key);
      case BOOLEAN -> typed(node, node.isBoolean(), "a boolean", "write true or false");
      case SIZE -> size(node);
      case CPU -> cpu(node);
      case DURATION -> duration(node);
      case NETWORK -> parsed(node, Cidr::parse, "a network", "use one such as 198.51.100.0/24");
      case DOMAIN ->
          node.isString()
              ? parsed(node, DomainName::parse, "a string", "use " + key.hint())
              : text(node, key);
      case WEB_ORIGIN -> parsed(node, WebOrigin::parse, "a string", "use " + key.hint());
      case HOST_KEY -> parsed(node, SshHostKey::parse, "a public key", "use " + key.hint());
      case AUTHORIZED_KEY ->
          parsed(node, SshAuthorizedKey::parse, "a public key", "use " + key.hint());
      case SECRET -> typed(node, node.isString(), "a string", "write the secret as one string");
    };
  }

  Optional<Complaint> choice(JsonNode node, KeyType.Choice choice) {
    var use = "use " + Wording.either(choice.words());
    if (!node.isString()) {
      return typed(node, false, "a string", use);
    }
    return choice.words().contains(node.stringValue())
        ? Optional.empty()
        : complaint(wording.value(node) + " is not one of its values", use);
  }

  /** Checks a string, or a map's key, against a pattern. */
  Optional<Complaint> pattern(String text, String pattern, String hint, String shown) {
    return pattern.isEmpty() || text.matches(pattern)
        ? Optional.empty()
        : complaint(shown + " is not valid", "use " + hint);
  }

  private Optional<Complaint> text(JsonNode node, Key key) {
    if (node.isString()) {
      return pattern(node.stringValue(), key.pattern(), key.hint(), wording.value(node));
    }
    var example = key.example().isEmpty() ? "" : ", for example " + quoted(key.example());
    if (node.isNumber()) {
      var quotes = wording.confidential() ? "" : ": " + Quote.of(node.asString());
      return typed(node, false, "a string", "put it in quotes" + quotes);
    }
    return node.isBoolean()
        ? typed(node, false, "a string", "put it in quotes" + example)
        : typed(node, false, "a string", "write a string" + example);
  }

  private static String quoted(String example) {
    return example.startsWith("\"") ? example : Quote.of(example);
  }

  private Optional<Complaint> integer(JsonNode node, Key key) {
    var range = range(key);
    if (!node.isIntegralNumber()) {
      return node.isString() && node.stringValue().matches("-?[0-9]+")
          ? typed(node, false, "a number", "remove the quotes")
          : typed(node, false, "a whole number", "use " + range);
    }
    var fits =
        node.canConvertToInt() && key.min() <= node.intValue() && node.intValue() <= key.max();
    return fits
        ? Optional.empty()
        : complaint(wording.value(node) + " is out of range", "use " + range);
  }

  private static String range(Key key) {
    return "a whole number from %d to %d"
        .formatted(Math.max(key.min(), Integer.MIN_VALUE), Math.min(key.max(), Integer.MAX_VALUE));
  }

  private Optional<Complaint> size(JsonNode node) {
    return BARE_NUMBER.matcher(text(node)).matches()
        ? withoutUnit(node, "Mi", "Gi")
        : parsed(
            node,
            ByteSize::parse,
            "a size",
            "write a number with Ki, Mi, Gi, Ti, k, M, G or T, such as 8Gi");
  }

  private Optional<Complaint> duration(JsonNode node) {
    return BARE_NUMBER.matcher(text(node)).matches()
        ? withoutUnit(node, "s", "m", "h")
        : parsed(
            node,
            Durations::parse,
            "a duration",
            "write a number with ms, s, m, h or d, such as 30s");
  }

  private Optional<Complaint> withoutUnit(JsonNode node, String... units) {
    var number = wording.confidential() ? "" : node.asString();
    var with = wording.confidential() ? "write it with " : "write ";
    return complaint(
        wording.value(node) + " has no unit",
        with + Wording.either(Arrays.stream(units).map(unit -> number + unit).toList()));
  }

  private Optional<Complaint> cpu(JsonNode node) {
    var text = text(node);
    if (node.isNumber() && Cpu.isValid(text)) {
      return Optional.empty();
    }
    if (FRACTION.matcher(text).matches() && !wording.confidential()) {
      var millicores = new BigDecimal(text).movePointRight(3).stripTrailingZeros();
      return complaint(
          wording.value(node) + " is not an amount of CPU",
          "write " + millicores.setScale(0, RoundingMode.CEILING).toPlainString() + "m");
    }
    var fix = "write cores or millicores, such as 2 or 250m";
    return node.isNumber()
        ? complaint(wording.value(node) + " is not an amount of CPU", fix)
        : parsed(node, Cpu::parse, "an amount of CPU", fix);
  }

  private static String text(JsonNode node) {
    return node.isContainer() ? "" : node.asString();
  }

  private Optional<Complaint> typed(JsonNode node, boolean fits, String expected, String fix) {
    return fits
        ? Optional.empty()
        : complaint("is %s, not %s".formatted(wording.found(node), expected), fix);
  }

  private Optional<Complaint> parsed(
      JsonNode node, Function<String, ?> parser, String expected, String fix) {
    if (!node.isString()) {
      return typed(node, false, expected, fix);
    }
    try {
      var unused = parser.apply(node.stringValue());
      return Optional.empty();
    } catch (UnusableValueException e) {
      var shown = e.isConfidential() ? "the value" : wording.value(node);
      return complaint(shown + " " + e.getMessage(), e.fix());
    } catch (IllegalArgumentException e) {
      return complaint(wording.value(node) + " " + e.getMessage(), fix);
    }
  }

  private static Optional<Complaint> complaint(String reason, String fix) {
    return Optional.of(new Complaint(reason, fix));
  }
}
