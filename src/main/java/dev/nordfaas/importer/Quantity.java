package dev.nordfaas.importer;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Cpu;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Amounts as OpenFaaS writes them: of Kubernetes for memory and CPU, of Go for durations.
 *
 * @param amount bytes, or thousandths of a core
 * @param text in the stack config's notation, rounded up
 */
record Quantity(long amount, String text) {
  /** Of resource.Quantity; anything longer is no amount of a machine. */
  private static final Pattern SYNTAX =
      Pattern.compile(
          "\\+?([0-9]{1,18}\\.?[0-9]{0,9}|\\.[0-9]{1,9})(?:[eE]([-+]?[0-9]{1,2})|([num]|k|[KMGTPE]i|[MGTPE]))?");

  private static final Map<String, BigDecimal> UNITS =
      Map.ofEntries(
          Map.entry("n", BigDecimal.ONE.movePointLeft(9)),
          Map.entry("u", BigDecimal.ONE.movePointLeft(6)),
          Map.entry("m", BigDecimal.ONE.movePointLeft(3)),
          Map.entry("k", BigDecimal.valueOf(1_000)),
          Map.entry("M", BigDecimal.valueOf(1_000_000)),
          Map.entry("G", BigDecimal.ONE.movePointRight(9)),
          Map.entry("T", BigDecimal.ONE.movePointRight(12)),
          Map.entry("P", BigDecimal.ONE.movePointRight(15)),
          Map.entry("E", BigDecimal.ONE.movePointRight(18)),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
          Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
          Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

  private static final BigDecimal MOST = BigDecimal.valueOf(1L << 48);
  private static final Pattern GO_DURATION =
      Pattern.compile("\\+?(([0-9]{1,9}(\\.[0-9]{0,9})?|\\.[0-9]{1,9})(ns|us|µs|ms|s|m|h))+");
  private static final Pattern GO_PART =
      Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{0,9})?|\\.[0-9]{1,9})(ns|us|µs|ms|s|m|h)");
  private static final Map<String, BigDecimal> NANOS =
      Map.of(
          "ns", BigDecimal.ONE,
          "us", BigDecimal.valueOf(1_000),
          "µs", BigDecimal.valueOf(1_000),
          "ms", BigDecimal.valueOf(1_000_000),
          "s", BigDecimal.valueOf(1_000_000_000),
          "m", BigDecimal.valueOf(60_000_000_000L),
          "h", BigDecimal.valueOf(3_600_000_000_000L));

  /** Memory; empty if Kubernetes would not take it, or it is no whole byte. */
  static Optional<Quantity> memory(String text) {
    return number(text)
        .filter(bytes -> bytes.compareTo(BigDecimal.ONE) >= 0)
        .map(bytes -> bytes.setScale(0, RoundingMode.CEILING).longValueExact())
        .map(
            bytes ->
                text.matches(ByteSize.PATTERN)
                    ? new Quantity(bytes, text)
                    : new Quantity(bytes, binary(bytes)));
  }

  /** CPU; empty if Kubernetes would not take it, or it is nothing. */
  static Optional<Quantity> cpu(String text) {
    return number(text)
        .map(cores -> cores.movePointRight(3).setScale(0, RoundingMode.CEILING))
        .filter(millicores -> millicores.signum() > 0 && millicores.compareTo(MOST) < 0)
        .map(BigDecimal::longValueExact)
        .map(millicores -> new Quantity(millicores, Cpu.isValid(text) ? text : millicores + "m"));
  }

  private static Optional<BigDecimal> number(String text) {
    var matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var exponent = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
    var unit = matcher.group(3) == null ? BigDecimal.ONE : UNITS.get(matcher.group(3));
    return Optional.of(new BigDecimal(matcher.group(1)).movePointRight(exponent).multiply(unit))
        .filter(number -> number.compareTo(MOST) < 0);
  }

  private static String binary(long bytes) {
    if (bytes % (1L << 30) == 0) {
      return (bytes >> 30) + "Gi";
    }
    return bytes % (1L << 20) == 0 ? (bytes >> 20) + "Mi" : (bytes + 1023) / 1024 + "Ki";
  }

  /**
   * A duration of the watchdog's variables: of Go, or whole seconds (parseIntOrDurationValue of
   * classic-watchdog and of-watchdog); empty if it is none.
   */
  static Optional<Duration> duration(String text) {
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    if (text.length() > 50 || !GO_DURATION.matcher(text).matches()) {
      return Optional.empty();
    }
    var nanos = BigDecimal.ZERO;
    var parts = GO_PART.matcher(text);
    while (parts.find()) {
      nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(NANOS.get(parts.group(2))));
    }
    var whole = nanos.setScale(0, RoundingMode.CEILING).toBigInteger();
    return whole.bitLength() > 62
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(whole.longValueExact()));
  }
}
