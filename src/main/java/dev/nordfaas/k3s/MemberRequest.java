package dev.nordfaas.k3s;

import dev.nordfaas.k3s.Topology.Member;
import java.util.TreeMap;

/** Standard input of the script with which a server manages a node of its cluster. */
public final class MemberRequest {
  private MemberRequest() {}

  /**
   * {@code key=value} lines: the node, the machine that it is, its labels and its taints. Another
   * machine in its place, which has another host key, is admitted anew.
   */
  public static String render(Member member) {
    var text =
        new StringBuilder(
            "node=%s\nhost-key=%s\n".formatted(member.name(), member.node().hostKey().text()));
    new TreeMap<>(member.node().labels())
        .forEach((key, value) -> text.append("label=%s=%s\n".formatted(key, value)));
    member.node().taints().forEach(taint -> text.append("taint=%s\n".formatted(taint)));
    return text.toString();
  }
}
