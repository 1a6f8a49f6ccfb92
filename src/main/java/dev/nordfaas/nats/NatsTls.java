package dev.nordfaas.nats;

import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.tls.ServerTls;
import dev.nordfaas.tls.TlsIdentity;
import java.util.List;

/** TLS between NATS and its clients, and between its servers. */
public final class NatsTls {
  private static final String DOMAIN = Namespaces.NATS + ".svc.cluster.local";

  /** The Service, each server, and localhost for ports that are forwarded to a workstation. */
  private static final TlsIdentity IDENTITY =
      new TlsIdentity(
          "nats",
          "nordfaas NATS CA",
          Nats.NAME,
          List.of(Nats.NAME + "." + DOMAIN, "*." + Nats.HEADLESS + "." + DOMAIN, "localhost"),
          List.of("127.0.0.1"));

  private NatsTls() {}

  /**
   * Keys and certificates of the servers.
   *
   * @param caSecret secret that the authority's key is derived from
   * @param serverSecret secret that the servers' key is derived from
   */
  public static ServerTls of(String caSecret, String serverSecret) {
    return ServerTls.of(IDENTITY, caSecret, serverSecret);
  }
}
