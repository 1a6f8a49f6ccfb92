package dev.nordfaas.state;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code tools/stack} does with the export of a state whose run was killed while it created
 * Kubernetes objects or confirmed a firewall; see {@link HalfCreated} and {@link
 * UnconfirmedFirewalls}.
 */
public final class HalfCreatedCommand {
  private HalfCreatedCommand() {}

  /** {@code urns}, {@code adopt}, {@code own} or {@code forget}, and the file with the export. */
  public static void main(String[] arguments) throws IOException {
    run(
        arguments[0],
        Path.of(arguments[1]),
        new PrintStream(System.out, true, StandardCharsets.UTF_8));
  }

  static void run(String command, Path file, PrintStream out) throws IOException {
    var mapper = new JsonMapper();
    var state = HalfCreated.in(mapper.readTree(Files.readString(file)));
    UnconfirmedFirewalls.loadAgain(state.export());
    switch (command) {
      case "urns" -> state.urns().forEach(out::println);
      case "adopt" -> out.println(mapper.writeValueAsString(state.adopt().export()));
      case "own" -> out.println(mapper.writeValueAsString(state.own().export()));
      case "forget" -> out.println(mapper.writeValueAsString(state.forget().export()));
      default ->
          throw new IllegalArgumentException(command + " is none of urns, adopt, own, forget");
    }
  }
}
