package dev.nordfaas.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The Java part of {@code tools/adopt}; see there. */
public final class AdoptCommand {
  private static final String USAGE =
      """
      Usage: java -cp target/nordfaas.jar dev.nordfaas.state.AdoptCommand ask PREVIEW FOLDER
             java -cp target/nordfaas.jar dev.nordfaas.state.AdoptCommand compare PREVIEW FILE

      ask: writes what `kubectl get --filename` needs to look for the objects that PREVIEW, the output of
      `pulumi preview --json`, creates; one file for each kind.
      compare: reads from standard input what kubectl has found, says what becomes of it, and writes FILE for
      `pulumi import --file`, unless the state lacks the provider that it needs.
      """;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private AdoptCommand() {}

  /** Looks for objects, or compares them. */
  public static void main(String[] args) throws IOException {
    System.exit(
        run(
            args,
            System.in,
            new PrintStream(System.out, true, StandardCharsets.UTF_8),
            new PrintStream(System.err, true, StandardCharsets.UTF_8)));
  }

  /**
   * Runs one of the two.
   *
   * @return the exit status: 0, nothing is in the way; 1, something is; 2, wrong usage
   */
  static int run(String[] args, InputStream in, PrintStream out, PrintStream err)
      throws IOException {
    if (args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"))) {
      out.print(USAGE);
      return 0;
    }
    if (args.length != 3 || !List.of("ask", "compare").contains(args[0])) {
      err.print(USAGE);
      return 2;
    }
    var preview = MAPPER.readTree(Files.readString(Path.of(args[1])));
    var planned = PlannedObject.of(preview);
    if (args[0].equals("ask")) {
      ask(planned, Path.of(args[2]));
      return 0;
    }
    var adoption = Adoption.of(planned, objects(in));
    var providers = ImportFile.missingProviders(preview, adoption.adopted());
    if (providers.isEmpty()) {
      Files.writeString(
          Path.of(args[2]),
          MAPPER.writeValueAsString(ImportFile.of(preview, adoption.adopted())) + "\n");
    }
    AdoptionReport.of(adoption, providers).forEach(out::println);
    return adoption.isComplete() && providers.isEmpty() ? 0 : 1;
  }

  /** A kind that the cluster does not know fails as a whole; so each has its own file. */
  private static void ask(List<PlannedObject> planned, Path folder) throws IOException {
    var kinds = new TreeMap<String, List<JsonNode>>();
    for (var object : planned) {
      var asked = MAPPER.createObjectNode();
      asked.put("apiVersion", object.inputs().path("apiVersion").asString(""));
      asked.put("kind", object.kind());
      var metadata = asked.putObject("metadata");
      for (var key : List.of("namespace", "name")) {
        var value = object.inputs().at("/metadata/" + key);
        if (value.isString()) {
          metadata.put(key, value.stringValue());
        }
      }
      kinds
          .computeIfAbsent(
              "%s.%s"
                  .formatted(asked.path("apiVersion").asString(""), object.kind())
                  .replace('/', '.'),
              kind -> new ArrayList<>())
          .add(asked);
    }
    for (var kind : kinds.entrySet()) {
      var list = MAPPER.createObjectNode();
      list.put("apiVersion", "v1");
      list.put("kind", "List");
      list.putArray("items").addAll(kind.getValue());
      Files.writeString(folder.resolve(kind.getKey() + ".json"), MAPPER.writeValueAsString(list));
    }
  }

  /**
   * As kubectl prints them: an object, or a list of several, for each kind that it was asked for.
   */
  private static List<JsonNode> objects(InputStream in) throws IOException {
    var objects = new ArrayList<JsonNode>();
    try (var values = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(in)) {
      while (values.hasNext()) {
        var value = values.next();
        if (value.path("kind").asString("").equals("List")) {
          value.path("items").forEach(objects::add);
        } else {
          objects.add(value);
        }
      }
    }
    return objects;
  }
}
