package dev.nordfaas.nats;

import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.tls.ServerTls;
import dev.nordfaas.tls.TlsIdentity;
import java.util.List;

/** TLS between NATS and its clients, and between its servers. */
public final class NatsTls {
  private static final String DOMAIN = Namespaces.NATS + ".svc.cluster.local";

  /** The Service, each server, and the end of a port that is forwarded to a workstation. */
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
   * @param caSecret what the authority's key is made from
   * @param serverSecret what the servers' key is made from
   */
  public static ServerTls of(String caSecret, String serverSecret) {
    return ServerTls.of(IDENTITY, caSecret, serverSecret);
  }
}
