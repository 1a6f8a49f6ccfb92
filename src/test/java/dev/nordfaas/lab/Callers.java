package dev.nordfaas.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clients outside who say who they are: with what lab/issuer has made for them. */
final class Callers {
  /** What tokens of lab/issuer have as {@code iss}. */
  static final String ISSUER = "https://" + Lab.OUTSIDE + ":9443/";

  /** The callers behind its clients, by what the stack has as {@code subject}. */
  static final Map<String, String> SUBJECTS =
      Map.of("orders", "0192:987654321", "other", "0192:987654322", "reader", "0192:987654323");

  /** A function that everybody may call. */
  static final String PUBLIC = "/callers/public";

  /** A function for tokens with the scope orders.read. */
  static final String TOKEN = "/callers/token";

  /** A function for the API key partner-a, or the user ops with its password. */
  static final String KEY = "/callers/key";

  /** A function for the client certificate of lab/issuer, or the API key partner-b. */
  static final String CERTIFICATE = "/callers/mtls";

  /** A route of intake for tokens with the scope orders.write. */
  static final String ORDERS = "/callers/orders";

  private static final Path MADE = Lab.STATE.resolve("disk/callers");
  private static final String LOG_OF_ECHO =
      "--selector=app.kubernetes.io/name in (echo,echo-token,echo-key,echo-mtls)";

  private Callers() {}

  /** An API key of the stack. */
  static String apiKey(String name) {
    return read(MADE.resolve("secrets/edge.apiKeys." + name + ".key")).strip();
  }

  /** The authority of the stack's client certificates. */
  static ClientCertificates authority() {
    return ClientCertificates.read(
        MADE.resolve("partners/ca.crt"), MADE.resolve("partners/ca.key"));
  }

  /** The client certificate that the stack expects, and its key. */
  static Path certificate(String end) {
    return MADE.resolve("partners/client." + end);
  }

  /** curl's arguments for a client certificate. */
  static String[] with(Path certificate, Path key) {
    return new String[] {"--cert", certificate.toString(), "--key", key.toString()};
  }

  /** curl's arguments for a token. */
  static String[] bearer(String token) {
    return header("Authorization: Bearer " + token);
  }

  /** curl's arguments for headers. */
  static String[] header(String... headers) {
    var arguments = new ArrayList<String>();
    for (var header : headers) {
      arguments.addAll(List.of("--header", header));
    }
    return arguments.toArray(String[]::new);
  }

  /** curl's arguments for a body in JSON, and more. */
  static String[] json(String body, String... more) {
    return both(header("Content-Type: application/json"), both(more, "--data", body));
  }

  /** curl's arguments for an order, and more. */
  static String[] order(String id, String... more) {
    return json(Lab.order(id, "Kari Nordmann"), more);
  }

  /** The arguments of one kind and the other. */
  static String[] both(String[] one, String... other) {
    return Stream.concat(Stream.of(one), Stream.of(other)).toArray(String[]::new);
  }

  /** The headers that reached a function, as it answers: names in lower case. */
  static Map<String, String> reached(Lab.Answer answer) {
    var headers = new TreeMap<String, String>();
    answer
        .json()
        .get("headers")
        .properties()
        .forEach(
            header -> {
              var values = new ArrayList<String>();
              header.getValue().forEach(value -> values.add(value.stringValue()));
              headers.put(header.getKey().toLowerCase(), String.join(" | ", values));
            });
    return headers;
  }

  /** Who called, as the function was told: by the part of the header's name that is its own. */
  static Map<String, String> identity(Lab.Answer answer) {
    var identity = new TreeMap<String, String>();
    reached(answer)
        .forEach(
            (name, value) -> {
              var plain = name.replace('_', '-');
              if (plain.startsWith("nordfaas-")) {
                identity.put(plain.substring("nordfaas-".length()), value);
              }
            });
    return identity;
  }

  /** The calls with an id that the functions have logged: who called, in turn. */
  static List<Map<String, String>> calls(String id) {
    return lines()
        .filter(line -> line.path("id").stringValue("").equals(id))
        .map(
            line -> {
              var caller = new TreeMap<String, String>();
              line.get("caller")
                  .properties()
                  .forEach(entry -> caller.put(entry.getKey(), entry.getValue().stringValue()));
              return Map.copyOf(caller);
            })
        .toList();
  }

  private static Stream<JsonNode> lines() {
    return Lab.kubectl("--namespace=openfaas-fn", "logs", LOG_OF_ECHO, "--tail=-1")
        .lines()
        .flatMap(line -> json(line).stream());
  }

  private static Optional<JsonNode> json(String line) {
    return line.startsWith("{") ? Optional.of(new JsonMapper().readTree(line)) : Optional.empty();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
