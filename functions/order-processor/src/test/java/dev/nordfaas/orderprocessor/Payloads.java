package dev.nordfaas.orderprocessor;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Bodies as clients may send them: mostly orders, with a few things in each that are written
 * unusually, or wrong.
 */
final class Payloads {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final List<String> QUANTITIES =
      List.of(
          "1",
          "2",
          "1000000",
          "1.0",
          "2e0",
          "1E+6",
          "10e-1",
          "1000000.000",
          "0.1e1",
          "1" + "0".repeat(100) + "e-100",
          "3." + "0".repeat(900));

  private static final List<String> NO_QUANTITIES =
      List.of(
          "0",
          "-0",
          "-1",
          "1.5",
          "1000001",
          "1e7",
          "9".repeat(30),
          "9".repeat(1001),
          "1e999999999",
          "1e-999999999",
          "1e99999999999",
          "1e30",
          "0.99999999999999999999",
          "1.00000000000000000001",
          "\"1\"",
          "null",
          "true",
          "[1]",
          "01",
          "+1",
          "1.",
          ".5",
          "NaN",
          "Infinity",
          "0x1");

  private static final List<String> PRICES =
      List.of(
          "0",
          "-0",
          "-0.0",
          "0e-999999999",
          "0e999999999",
          "0.01",
          "19.99",
          "1e-2",
          "1999e-2",
          "0.1",
          "10.500",
          "99999999.99",
          "9999999999e-2",
          "1e2",
          "1.1e1",
          "4503599627370.496e-4",
          "29.99" + "0".repeat(900));

  private static final List<String> NO_PRICES =
      List.of(
          "-0.01",
          "0.30000000000000004",
          "19.999",
          "100000000",
          "99999999.991",
          "99999999.99000000000000000001",
          "1e-400",
          "1e400",
          "1e-999999999",
          "1e999999999",
          "-1e999999999",
          "1e-99999999999",
          "0.01" + "0".repeat(800) + "1",
          "1".repeat(1001),
          "\"10.5\"",
          "{}",
          "null",
          "1,5");

  private static final List<String> CHARACTERS =
      List.of(
          "a",
          "Å",
          "ß",
          " ",
          "\u00a0",
          "\u2028",
          "\u200f",
          "\ufeff",
          "\uffff",
          "e\u0301",
          "漢",
          "😀",
          "\ud83c\udff4",
          "\udbff\udfff",
          "\"",
          "\\",
          "/",
          "'",
          "{",
          "\u0600",
          "$1",
          "?");

  private static final List<String> NO_CHARACTERS =
      List.of(
          "\n",
          "\r",
          "\t",
          "\0",
          "\u0001",
          "\u001f",
          "\u007f",
          "\u0085",
          "\u009f",
          "\ud800",
          "\udc00",
          "\udc00\ud800");

  private static final Map<String, String> WHOLE =
      Map.of(
          "%s{}", "two values",
          "%s,", "a comma after it",
          "[%s]", "in a list",
          "// no\n%s", "a comment",
          "%s\0", "NUL after it",
          "\u00a0%s", "no whitespace of JSON",
          "", "nothing",
          "null", "null");

  private final Random random;

  private Payloads(Random random) {
    this.random = random;
  }

  /** One body; the same for the same seed, except for the order's id, which is a new one. */
  static byte[] of(long seed) {
    return new Payloads(new Random(seed)).body();
  }

  private byte[] body() {
    var text = space() + order() + space();
    if (rarely(20)) {
      text = pick(List.copyOf(WHOLE.keySet())).replace("%s", text);
    }
    if (rarely(40)) {
      text = "[".repeat(random.nextInt(1200)) + text;
    }
    return encoded(text);
  }

  private byte[] encoded(String text) {
    if (!rarely(12)) {
      return utf8(text);
    }
    return switch (random.nextInt(7)) {
      case 0 -> text.getBytes(StandardCharsets.UTF_16LE);
      case 1 -> text.getBytes(StandardCharsets.UTF_16);
      case 2 -> text.getBytes(Charset.forName("UTF-32BE"));
      case 3 -> text.getBytes(StandardCharsets.ISO_8859_1);
      case 4 -> utf8("\ufeff" + text);
      case 5 -> utf8(text.substring(0, random.nextInt(text.length() + 1)));
      default -> damaged(utf8(text));
    };
  }

  /** Halves of pairs as three bytes, as some encoders write them. */
  private static byte[] utf8(String text) {
    var bytes = new ByteArrayOutputStream();
    text.codePoints()
        .forEach(
            point -> {
              if (Character.getType(point) == Character.SURROGATE) {
                bytes.write(0xe0 | point >> 12);
                bytes.write(0x80 | point >> 6 & 0x3f);
                bytes.write(0x80 | point & 0x3f);
              } else {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
              }
            });
    return bytes.toByteArray();
  }

  private byte[] damaged(byte[] bytes) {
    if (bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private String order() {
    return object(
        List.of(
            member("orderId", orderId()),
            member("customer", text(200)),
            member("currency", rarely(30) ? pick(List.of("\"SEK\"", "\"nok\"", "578")) : "\"NOK\""),
            member("items", items())));
  }

  private String orderId() {
    if (rarely(30)) {
      return pick(
          List.of("\"\"", "\"a b\"", "\"Ø1\"", "\"a\\n\"", "1", "null", quoted("x".repeat(65))));
    }
    return escaped("p-%d-%d".formatted(ProcessHandle.current().pid(), COUNT.incrementAndGet()));
  }

  private String items() {
    if (rarely(30)) {
      return pick(List.of("[]", "{}", "null", "\"a\"", "[null]", "[[]]"));
    }
    var count = rarely(100) ? 999 + random.nextInt(3) : 1 + random.nextInt(3);
    return IntStream.range(0, count)
        .mapToObj(i -> count > 3 ? plainItem() : item())
        .collect(Collectors.joining("," + space(), "[" + space(), "]"));
  }

  private static String plainItem() {
    return "{\"sku\":\"a\",\"quantity\":1,\"unitPrice\":0.1}";
  }

  private String item() {
    return object(
        List.of(
            member("sku", text(64)),
            member("quantity", pick(rarely(20) ? NO_QUANTITIES : QUANTITIES)),
            member("unitPrice", rarely(20) ? pick(NO_PRICES) : price())));
  }

  private String price() {
    return random.nextBoolean()
        ? pick(PRICES)
        : "%d.%02d".formatted(random.nextInt(100_000_000), random.nextInt(100));
  }

  private String object(List<String> members) {
    var all = new ArrayList<>(members);
    Collections.shuffle(all, random);
    if (rarely(40)) {
      all.remove(0);
    }
    if (rarely(40)) {
      all.add(random.nextInt(all.size() + 1), member(pick(List.of("coupon", "", "Sku")), "1"));
    }
    if (rarely(40) && !all.isEmpty()) {
      all.add(all.get(0));
    }
    return all.stream().collect(Collectors.joining("," + space(), "{" + space(), space() + "}"));
  }

  private String member(String name, String value) {
    return escaped(name) + space() + ":" + space() + value;
  }

  private String text(int max) {
    if (rarely(40)) {
      return pick(List.of("1", "null", "[]", "\"unfinished", "'a'", "\"\\x\"", "\"\\u12\""));
    }
    var length =
        rarely(10) ? max - 1 + random.nextInt(3) : random.nextInt(8) + (rarely(30) ? 0 : 1);
    var wrong = rarely(25);
    var text = new StringBuilder();
    for (var i = 0; i < length; i++) {
      text.append(pick(wrong && rarely(2) ? NO_CHARACTERS : CHARACTERS));
    }
    return escaped(text.toString());
  }

  /** In quotes, with some characters written in another way. */
  private String escaped(String text) {
    return quoted(
        text.chars().mapToObj(unit -> character((char) unit)).collect(Collectors.joining()));
  }

  private String character(char unit) {
    if (unit == '"' || unit == '\\') {
      return "\\" + unit;
    }
    // A raw control is no JSON.
    var mustEscape = unit < ' ' && !rarely(5);
    return mustEscape || rarely(Character.isSurrogate(unit) ? 1000 : 8)
        ? "\\u%04x".formatted((int) unit)
        : Character.toString(unit);
  }

  private static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private String space() {
    return rarely(10) ? pick(List.of(" ", "\n", "\t", "\r\n", " ".repeat(50))) : "";
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private boolean rarely(int times) {
    return random.nextInt(times) == 0;
  }
}
