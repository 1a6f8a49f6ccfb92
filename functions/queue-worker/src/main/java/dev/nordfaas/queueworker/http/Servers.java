package dev.nordfaas.queueworker.http;

import dev.nordfaas.queueworker.nats.Caller;
import io.vertx.core.http.HttpServerOptions;

/** How both roles listen. */
public final class Servers {
  /** Connections that wait to be accepted; the kernel's net.core.somaxconn may lower it. */
  private static final int BACKLOG = 4096;

  /** Longer than the edge keeps an idle connection. */
  private static final int IDLE_SECONDS = 150;

  /** As much as Vert.x accepts anyway, and the caller, which the edge adds. */
  private static final int MAX_HEADER_BYTES =
      HttpServerOptions.DEFAULT_MAX_HEADER_SIZE + Caller.MAX_BYTES;

  private Servers() {}

  /** HTTP/1.1 on one port. */
  public static HttpServerOptions options(int port) {
    return new HttpServerOptions()
        .setPort(port)
        .setAcceptBacklog(BACKLOG)
        .setIdleTimeout(IDLE_SECONDS)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setHttp2ClearTextEnabled(false);
  }
}
