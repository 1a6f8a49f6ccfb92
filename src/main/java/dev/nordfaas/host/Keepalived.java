package dev.nordfaas.host;

import dev.nordfaas.template.Template;
import java.util.Map;
import java.util.stream.Collectors;

/** Keepalived, the VRRP router of the distributions, for the virtual addresses of a node. */
public final class Keepalived {
  /** Where it reads its config. */
  public static final String PATH = "/etc/keepalived/keepalived.conf";

  /** Name of its package. */
  static final String PACKAGE = "keepalived";

  private Keepalived() {}

  /** Its config; it contains no secret. */
  static String render(HostSpec spec) {
    return Template.load("files/keepalived.conf")
        .render(
            Map.of(
                "node",
                spec.nodeName(),
                "routers",
                spec.virtualRouters().stream()
                    .map(Keepalived::render)
                    .collect(Collectors.joining("\n"))));
  }

  private static String render(VirtualRouter router) {
    var address = router.address();
    return Template.load("files/keepalived-router.conf")
        .render(
            Map.of(
                "name", router.name(),
                "url", router.url(),
                "interface", address.privateInterface().orElse(address.networkInterface()),
                "id", Integer.toString(address.routerId()),
                "priority", Integer.toString(router.priority()),
                "source", router.source(),
                "peers", String.join("\n", router.peers()),
                "address", address.address(),
                "device", address.networkInterface()));
  }
}
