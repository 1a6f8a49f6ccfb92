package dev.nordfaas.generated;

import dev.nordfaas.host.Firewall;
import dev.nordfaas.host.Sysctls;
import dev.nordfaas.testing.Machine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Files that are read by small things: rules by nft, scripts by sh, JSON and YAML by a parser,
 * sysctls by sysctl.
 */
final class HostChecker extends FileChecker {
  private static final Pattern SYSCTL = Pattern.compile("#.*|[a-z0-9_.]+(\\.[^= ]+)* = \\S.*|");
  private static final Pattern SCRIPT = Pattern.compile("#!/bin/(ba)?sh.*", Pattern.DOTALL);

  private final Path folder = Programs.folder();

  HostChecker() {
    super("host");
    Machine.needs("nft", "unshare");
  }

  @Override
  Map<String, String> files(Rendering rendering) {
    var found = new HashMap<String, String>();
    rendering
        .files()
        .forEach(
            (path, text) -> {
              found.put(path, text);
            });
    return found;
  }

  /** Of the file, and of the files in it. */
  @Override
  List<String> problems(String file, String text) {
    if (!Rendering.mayHaveFiles(file)) {
      return file.startsWith("kubernetes/") ? List.of() : alone(file, text);
    }
    var problems = new ArrayList<String>();
    Rendering.filesIn(text)
        .forEach((name, inner) -> alone(name, inner).forEach(it -> problems.add(name + ": " + it)));
    return problems;
  }

  private List<String> alone(String name, String text) {
    if (name.equals(Firewall.PATH)) {
      return run(
          text, List.of("unshare", "--net", "--", "/usr/sbin/nft", "--check", "--file", "FILE"));
    }
    if (name.equals(Sysctls.PATH)) {
      return text.lines()
          .filter(line -> !SYSCTL.matcher(line).matches())
          .map(line -> "is no sysctl: " + line)
          .toList();
    }
    if (name.endsWith(".sh") || SCRIPT.matcher(text).matches()) {
      return run(text, List.of("sh", "-n", "FILE"));
    }
    try {
      if (name.endsWith(".json")) {
        new JsonMapper().readTree(text);
      }
      if (name.endsWith(".yaml") || name.endsWith(".yml")) {
        Rendering.yaml(text);
      }
    } catch (JacksonException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
    return List.of();
  }

  private List<String> run(String text, List<String> command) {
    var file = Programs.write(folder, "file", text);
    var result =
        Programs.run(
            folder, Map.of(), command.stream().map(it -> it.equals("FILE") ? file : it).toList());
    return result.exitCode() == 0 && result.output().isEmpty()
        ? List.of()
        : List.of(result.output().replace(file, "file"));
  }
}
