package dev.nordfaas.host;

import dev.nordfaas.config.SshAuthorizedKey;
import dev.nordfaas.template.Template;
import dev.nordfaas.template.Yaml;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The cloud-init user-data of a node: the text to paste into a provider's order form. It contains
 * no secrets.
 */
public final class UserData {
  /** The smallest known limit of a provider (EC2), in bytes. */
  public static final int MAX_BYTES = 16 * 1024;

  static final String SSH_PORT_PATH = "/etc/ssh/sshd_config.d/11-nordfaas-port.conf";

  /** What a block of YAML keeps as it is. */
  private static final Pattern PLAIN =
      Pattern.compile("[\\x21-\\x7e][\\t\\n\\x20-\\x7e]*[\\x21-\\x7e]\n");

  private UserData() {}

  /**
   * The {@code #cloud-config} document. If it would be too large, its files are compressed: it is
   * still text that fits a form, and cloud-init unpacks it.
   */
  public static String render(HostSpec spec) {
    var plain = render(spec, UserData::plain);
    return size(plain) <= MAX_BYTES ? plain : render(spec, UserData::compressed);
  }

  /** Its size in bytes. */
  public static int size(String userData) {
    return userData.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String render(HostSpec spec, Function<HostFile, String> entry) {
    return Template.load("user-data.yaml")
        .render(
            Map.of(
                "hostname", spec.nodeName(),
                "disableRoot", Boolean.toString(!isRoot(spec)),
                "base", base(spec),
                "mounts", spec.host().dataVolumeLabel().map(UserData::mounts).orElse(""),
                "files", allFiles(spec).stream().map(entry).collect(Collectors.joining())));
  }

  /**
   * The part that cloud-init's own modules apply to a running host: time zone, packages, and the
   * keys of the user.
   */
  public static String base(HostSpec spec) {
    return Template.load("base.yaml")
        .render(
            Map.of(
                "timezone", spec.host().timezone(),
                "user", spec.ssh().user(),
                "account", isRoot(spec) ? "" : ACCOUNT,
                "packages", packages(spec).map(", \"%s\""::formatted).collect(Collectors.joining()),
                "authorizedKeys", authorizedKeys(spec.host().authorizedKeys())));
  }

  /** Besides those that every node has. */
  private static Stream<String> packages(HostSpec spec) {
    return Stream.concat(
            spec.host().packages().stream(),
            spec.virtualRouters().isEmpty() ? Stream.of() : Stream.of(Keepalived.PACKAGE))
        .distinct();
  }

  private static boolean isRoot(HostSpec spec) {
    return spec.ssh().user().equals("root");
  }

  private static final String ACCOUNT =
      """
      groups: [sudo]
      shell: /bin/bash
      sudo: "ALL=(ALL) NOPASSWD:ALL"
      lock_passwd: true
      """;

  private static List<HostFile> allFiles(HostSpec spec) {
    var files = new ArrayList<HostFile>();
    files.add(new HostFile(Sysctls.PATH, Sysctls.file(spec)));
    files.add(new HostFile(Firewall.PATH, Firewall.render(spec)));
    files.addAll(HostFiles.of(spec));
    if (spec.ssh().port() != 22) {
      // Never over SSH: behind a NAT the port that we connect to is not the one that sshd listens
      // on.
      files.add(new HostFile(SSH_PORT_PATH, "Port %d\n".formatted(spec.ssh().port())));
    }
    return files;
  }

  private static String authorizedKeys(List<SshAuthorizedKey> keys) {
    // The comment of a key may contain anything.
    return keys.stream()
        .map(key -> "- " + Yaml.quote(key.text()))
        .collect(Collectors.joining("\n"));
  }

  private static String mounts(String label) {
    return "mounts:\n  - [%s, /var/lib/rancher, auto, \"defaults,noatime,nofail\", \"0\", \"2\"]\n"
        .formatted(Yaml.quote("LABEL=" + label));
  }

  private static String plain(HostFile file) {
    if (!PLAIN.matcher(file.content()).matches()) {
      return compressed(file);
    }
    return "- path: %s\n  permissions: \"0644\"\n  content: |\n%s"
        .formatted(file.path(), indented(file.content()));
  }

  private static String compressed(HostFile file) {
    return "- path: %s\n  permissions: \"0644\"\n  encoding: gz+b64\n  content: %s\n"
        .formatted(file.path(), Base64.getEncoder().encodeToString(gzip(file.content())));
  }

  private static byte[] gzip(String text) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String indented(String content) {
    return content
        .lines()
        .map(line -> line.isEmpty() ? "\n" : "    " + line + "\n")
        .collect(Collectors.joining());
  }
}
