package dev.nordfaas.queueworker.http;

import io.vertx.core.http.HttpServerOptions;

/** How both roles listen. */
public final class Servers {
  /** Connections that wait to be accepted; the kernel's net.core.somaxconn may lower it. */
  private static final int BACKLOG = 4096;

  /** Longer than the edge keeps an idle connection. */
  private static final int IDLE_SECONDS = 150;

  private Servers() {}

  /** HTTP/1.1 on one port. */
  public static HttpServerOptions options(int port) {
    return new HttpServerOptions()
        .setPort(port)
        .setAcceptBacklog(BACKLOG)
        .setIdleTimeout(IDLE_SECONDS)
        .setHttp2ClearTextEnabled(false);
  }
}
