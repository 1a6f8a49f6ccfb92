package dev.nordfaas.host;

import dev.nordfaas.config.ByteSize;
import dev.nordfaas.template.Template;
import java.util.List;
import java.util.stream.Stream;

/** What the stack config says about a VPS, as input for the host checks. */
public final class ExpectedFacts {
  /** For the firewall and K3s' network policies. */
  private static final List<String> MORE_MODULES = List.of("nf_tables", "ip_set");

  private ExpectedFacts() {}

  /** One "name value" pair per line. */
  public static String render(HostSpec spec, HostNeeds needs) {
    var node = spec.node();
    var text = new StringBuilder();
    put(text, "node", spec.nodeName());
    put(text, "vcpu", Integer.toString(node.vcpu()));
    put(text, "memory", size(node.memory()));
    put(text, "disk", size(node.disk()));
    put(text, "address", node.address());
    if (IpAddress.isLiteral(node.clusterAddress())) {
      put(text, "nodeAddress", node.clusterAddress());
    }
    needs.architectures().forEach(it -> put(text, "architecture", it));
    modules(needs).forEach(it -> put(text, "module", it));
    put(text, "ports", PortRange.format(needs.freePorts()));
    needs.registries().forEach(it -> put(text, "registry", it));
    needs.downloads().forEach(it -> put(text, "download", it));
    needs.installer().ifPresent(it -> put(text, "installer", it));
    return text.toString();
  }

  /** In bytes, and as written in the config. */
  private static String size(ByteSize size) {
    return size.bytes() + " " + size;
  }

  private static List<String> modules(HostNeeds needs) {
    return Stream.of(
            Template.text("files/modules.conf").lines().filter(line -> !line.startsWith("#")),
            MORE_MODULES.stream(),
            needs.modules().stream())
        .flatMap(names -> names)
        .toList();
  }

  private static void put(StringBuilder text, String name, String value) {
    text.append(name).append(' ').append(value).append('\n');
  }
}
