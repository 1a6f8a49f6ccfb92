import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Java part of tools/vulnerabilities; see there. Arguments: the list, then the SBOMs. */
final class Vulnerabilities {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> QUALIFIERS =
      List.of("alpha", "beta", "milestone", "rc", "snapshot", "", "sp");

  public static void main(String[] args) throws Exception {
    var list = JSON.readTree(Files.readString(Path.of(args[0])));
    var found = new TreeSet<String>();
    var accepted = new TreeSet<String>();
    var components = 0;
    for (var bom : List.of(args).subList(1, args.length)) {
      for (var component : JSON.readTree(Files.readString(Path.of(bom))).path("components")) {
        components++;
        var name = component.path("group").asString("") + ":" + component.path("name").asString();
        var version = component.path("version").asString();
        for (var vulnerability : list.get("vulnerabilities")) {
          var fix = fix(vulnerability, name, version);
          if (fix == null) {
            continue;
          }
          var id = vulnerability.get("id").asString();
          if (isAccepted(list, id, name)) {
            accepted.add(id + " " + name);
          } else {
            found.add(
                "%s %s: %s %s; fixed in %s (%s)"
                    .formatted(
                        id,
                        vulnerability.path("aliases").path(0).asString(""),
                        name,
                        version,
                        fix,
                        vulnerability.path("summary").asString("")));
          }
        }
      }
    }
    if (components == 0) {
      System.err.println("vulnerabilities: error: there are no components in these files");
      System.exit(1);
    }
    found.forEach(System.out::println);
    System.err.printf(
        "vulnerabilities: %d components, %d known vulnerabilities, %d more accepted%n",
        components, found.size(), accepted.size());
    System.exit(found.isEmpty() ? 0 : 1);
  }

  private static boolean isAccepted(JsonNode list, String id, String name) {
    for (var entry : list.path("accepted")) {
      if (entry.get("id").asString().equals(id)
          && entry.get("package").asString().equals(name)
          && !entry.get("reason").asString().isBlank()) {
        return true;
      }
    }
    return false;
  }

  /** The version with the fix if this one is affected, otherwise null. */
  private static String fix(JsonNode vulnerability, String name, String version) {
    for (var affected : vulnerability.path("affected")) {
      if (!affected.at("/package/ecosystem").asString("").equals("Maven")
          || !affected.at("/package/name").asString("").equals(name)) {
        continue;
      }
      for (var range : affected.path("ranges")) {
        String introduced = null;
        for (var event : range.path("events")) {
          if (event.has("introduced")) {
            introduced = event.get("introduced").asString();
          } else if (introduced != null && compare(introduced, version) <= 0) {
            var isLast = event.has("last_affected");
            var end = event.path(isLast ? "last_affected" : "fixed").asString();
            if (isLast ? compare(version, end) <= 0 : compare(version, end) < 0) {
              return isLast ? "none" : end;
            }
            introduced = null;
          } else {
            introduced = null;
          }
        }
        if (introduced != null && compare(introduced, version) <= 0) {
          return "none";
        }
      }
      for (var listed : affected.path("versions")) {
        if (listed.asString().equals(version)) {
          return "a later one";
        }
      }
    }
    return null;
  }

  /** Maven's order of versions: numbers by value, qualifiers before and after the release. */
  static int compare(String left, String right) {
    var a = parts(left);
    var b = parts(right);
    for (var i = 0; i < Math.max(a.size(), b.size()); i++) {
      var x = i < a.size() ? a.get(i) : "";
      var y = i < b.size() ? b.get(i) : "";
      var order = comparePart(x, y);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int comparePart(String x, String y) {
    var isNumber = x.matches("\\d+");
    if (isNumber && y.matches("\\d+")) {
      return new java.math.BigInteger(x).compareTo(new java.math.BigInteger(y));
    }
    if (isNumber || y.matches("\\d+")) {
      var number = isNumber ? x : y;
      var other = isNumber ? y : x;
      // A missing part is a zero; any word is less than a number.
      var order = other.isEmpty() ? (number.matches("0+") ? 0 : 1) : 1;
      return isNumber ? order : -order;
    }
    var order = Integer.compare(rank(x), rank(y));
    return order != 0 ? order : x.compareTo(y);
  }

  private static int rank(String word) {
    var known = QUALIFIERS.indexOf(word);
    return known < 0 ? QUALIFIERS.size() : known;
  }

  private static List<String> parts(String version) {
    var parts = new ArrayList<String>();
    var words = version.toLowerCase(java.util.Locale.ROOT).split("[.\\-_+]|(?<=\\d)(?=[a-z])|(?<=[a-z])(?=\\d)");
    for (var word : words) {
      parts.add(
          switch (word) {
            case "final", "ga", "release" -> "";
            case "a" -> "alpha";
            case "b" -> "beta";
            case "m" -> "milestone";
            case "cr" -> "rc";
            default -> word;
          });
    }
    return parts;
  }
}
