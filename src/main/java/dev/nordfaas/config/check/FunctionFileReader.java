package dev.nordfaas.config.check;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.model.Refusal;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads files with functions, as the Pulumi CLI reads that of a stack.
 *
 * @param project the real path of the folder that they have to be in
 */
record FunctionFileReader(Path project) {
  private static final int LARGEST = 1 << 20;
  private static final String WRAPPED = StackConfig.NAMESPACE + ":";

  /** Why a file cannot be used; it is the subject of the reason. */
  static final class Unusable extends Exception {
    private final transient Refusal refusal;

    Unusable(String reason, String fix) {
      super(reason);
      refusal = new Refusal(reason, fix);
    }

    Refusal refusal() {
      return refusal;
    }
  }

  /** The functions in the file by name. */
  ObjectNode read(String file) throws Unusable {
    var document = parse(text(project.resolve(file)));
    if (document.isNull() || (document.isObject() && document.isEmpty())) {
      throw new Unusable("is empty", "write functions by name, or remove it");
    }
    if (!(document instanceof ObjectNode functions)) {
      throw new Unusable(
          "has %s, not functions by name".formatted(new Wording(false).found(document)),
          "write the name of each before its keys, such as vat: {image: ...}");
    }
    for (var name : functions.propertyNames()) {
      if (name.startsWith(WRAPPED)) {
        throw new Unusable(
            "has %s".formatted(name),
            "remove that line: the names of functions are the first level of such a file");
      }
    }
    return functions;
  }

  private byte[] text(Path path) throws Unusable {
    try {
      // Also of a link, which a commit holds without what it leads to.
      if (!path.toRealPath().startsWith(project)) {
        throw new Unusable("leads out of the project", "copy what it leads to into the project");
      }
      if (!Files.isRegularFile(path)) {
        throw new Unusable(
            Files.isDirectory(path) ? "is a folder" : "is not a file",
            "name files, such as functions/*.yaml");
      }
      if (Files.size(path) > LARGEST) {
        throw new Unusable(
            "has %d KiB, above the limit of %d KiB"
                .formatted(Files.size(path) >> 10, LARGEST >> 10),
            "split it");
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new Unusable("cannot be read: " + reason(e), "correct that, or remove it");
    }
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "it is a link to nothing";
    }
    return e instanceof AccessDeniedException
        ? "its permissions do not allow it"
        : String.valueOf(e.getMessage());
  }

  private static JsonNode parse(byte[] file) throws Unusable {
    try {
      return GoYaml.readOnly(StackFile.text(file));
    } catch (CharacterCodingException e) {
      throw new Unusable("is not UTF-8", "save it as such");
    } catch (YamlEngineException e) {
      throw new Unusable("cannot be read: " + reason(e), "correct that");
    }
  }

  /** On one line. */
  private static String reason(YamlEngineException e) {
    if (e instanceof MarkedYamlEngineException marked && marked.getProblemMark().isPresent()) {
      return "line %d: %s"
          .formatted(marked.getProblemMark().get().getLine() + 1, marked.getProblem());
    }
    return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
  }
}
