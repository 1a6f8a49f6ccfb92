package dev.nordfaas.edge;

import dev.nordfaas.config.AuthConfig;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.CallerLimit;
import dev.nordfaas.config.DomainName;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.IssuerConfig;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the edge's Caddyfile says of callers: who vouches for them, as a global option, and who may
 * use a route, as a directive. Both are read by the module in {@code images/caddy/callers}.
 */
final class Callers {
  /** Any other word is put in quotes; no key of the config takes one with a quote in it. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9_./~:@=+-][A-Za-z0-9_./~:@=+,-]*");

  private Callers() {}

  /** The global option, in the block of global options. */
  static String global(EdgeConfig config, DomainName realm) {
    var block = new Block("callers", 1);
    block.line("realm", realm.text());
    config.issuers().forEach((name, issuer) -> block.add(issuer(name, issuer)));
    if (!config.apiKeys().isEmpty()) {
      block.line("keys", path(ApiKeys.FILE));
    }
    config
        .authorities()
        .keySet()
        .forEach(name -> block.line("authority", name, path(authorityFile(name))));
    config.callerLimit().ifPresent(limit -> block.add(limit(limit)));
    return block.end();
  }

  private static String issuer(String name, IssuerConfig issuer) {
    var block = new Block("issuer " + name, 2);
    block.line("iss", issuer.issuer());
    block.line("discovery", issuer.discovery());
    block.line("jwks", issuer.jwks());
    block.line("keys", issuer.keys().map(it -> path(keysFile(name))));
    block.line("roots", issuer.roots().map(it -> path(rootsFile(name))));
    block.line("audience", issuer.audiences());
    block.line("algorithm", issuer.algorithms());
    block.line("leeway", Durations.format(issuer.leeway()));
    block.line("subject", issuer.subject());
    block.line("pass", issuer.claims());
    return block.end();
  }

  private static String limit(CallerLimit limit) {
    var block = new Block("limit", 2);
    block.line("requests", limit.requests().map(String::valueOf));
    block.line("bytes", limit.bytes().map(ByteSize::bytes).map(String::valueOf));
    block.line("in_flight", limit.inFlight().map(String::valueOf));
    block.line("window", Durations.format(limit.window()));
    return block.end();
  }

  /**
   * The directive, for a block {@code route} that is indented by three tabs; empty for a public
   * route.
   */
  static String directive(Access access) {
    if (!access.isChecked()) {
      return "";
    }
    var block = new Block("caller", 4);
    access.ways().stream().flatMap(Callers::token).distinct().forEach(block::add);
    block.line("api_key", names(access.ways(), AuthConfig::apiKeys));
    block.line("basic", names(access.ways(), AuthConfig::basic));
    access.ways().stream()
        .flatMap(way -> way.mtls().stream())
        .distinct()
        .forEach(
            mtls ->
                block.line(
                    "certificate",
                    Stream.concat(Stream.of(mtls.authority()), mtls.subjects().stream()).toList()));
    if (access.everybody()) {
      block.line("public");
    }
    return block.end();
  }

  private static Stream<String> token(AuthConfig way) {
    return way.issuer().stream()
        .map(
            issuer -> {
              var block = new Block("token " + issuer, 5);
              block.line("audience", way.audience());
              block.line("scope", way.scopes());
              way.claims().forEach((claim, value) -> block.line("claim", claim, value));
              return block.end();
            });
  }

  private static List<String> names(
      List<AuthConfig> ways, Function<AuthConfig, List<String>> names) {
    return ways.stream().map(names).flatMap(List::stream).distinct().toList();
  }

  /** Files beside the Caddyfile that it names and everybody may read. */
  static SortedMap<String, String> files(EdgeConfig config) {
    var files = new TreeMap<String, String>();
    config
        .issuers()
        .forEach(
            (name, issuer) -> {
              issuer.keys().ifPresent(keys -> files.put(keysFile(name), keys));
              issuer.roots().ifPresent(roots -> files.put(rootsFile(name), roots));
            });
    config
        .authorities()
        .forEach((name, authority) -> files.put(authorityFile(name), authority.roots()));
    return files;
  }

  /** Where the certificates of the authorities are, whose names clients choose their own by. */
  static String authorities(EdgeConfig config) {
    return config.authorities().keySet().stream()
        .map(name -> path(authorityFile(name)))
        .collect(Collectors.joining(" "));
  }

  private static String keysFile(String issuer) {
    return "issuer-%s.json".formatted(issuer);
  }

  private static String rootsFile(String issuer) {
    return "issuer-%s.pem".formatted(issuer);
  }

  private static String authorityFile(String authority) {
    return "authority-%s.pem".formatted(authority);
  }

  private static String path(String file) {
    return EdgePod.CONFIG_PATH + "/" + file;
  }

  /** A block of a Caddyfile that grows by lines. */
  private static final class Block {
    private final StringBuilder text = new StringBuilder();
    private final String indent;

    Block(String begin, int depth) {
      indent = "\t".repeat(depth);
      text.append(indent).append(begin).append(" {\n");
    }

    void line(String... words) {
      text.append(indent)
          .append('\t')
          .append(Stream.of(words).map(Callers::word).collect(Collectors.joining(" ")))
          .append('\n');
    }

    void line(String name, Optional<String> value) {
      value.ifPresent(it -> line(name, it));
    }

    void line(String name, Collection<String> values) {
      if (!values.isEmpty()) {
        line(Stream.concat(Stream.of(name), values.stream()).toArray(String[]::new));
      }
    }

    void add(String block) {
      text.append(block);
    }

    /** An empty block is left out, and what begins it is all. */
    String end() {
      var empty = text.lastIndexOf(" {\n") == text.length() - 3;
      return empty
          ? text.replace(text.length() - 3, text.length(), "\n").toString()
          : text.append(indent).append("}\n").toString();
    }
  }

  private static String word(String text) {
    return PLAIN.matcher(text).matches() ? text : '"' + text + '"';
  }
}
