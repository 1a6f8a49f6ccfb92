package dev.nordfaas.k3s;

import dev.nordfaas.k3s.Topology.Member;
import java.util.TreeMap;

/** Standard input of the script with which a server manages a node of its cluster. */
public final class MemberRequest {
  private MemberRequest() {}

  /** {@code key=value} lines: the node, its labels and its taints. */
  public static String render(Member member) {
    var text = new StringBuilder("node=" + member.name() + "\n");
    new TreeMap<>(member.node().labels())
        .forEach((key, value) -> text.append("label=%s=%s\n".formatted(key, value)));
    member.node().taints().forEach(taint -> text.append("taint=%s\n".formatted(taint)));
    return text.toString();
  }
}
