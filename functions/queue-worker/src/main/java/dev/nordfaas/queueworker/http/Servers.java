package dev.nordfaas.queueworker.http;

import io.vertx.core.http.HttpServerOptions;

/** How both roles listen. */
public final class Servers {
  /** Connections that wait to be accepted; the kernel's net.core.somaxconn may lower it. */
  private static final int BACKLOG = 4096;

  /** Longer than the edge keeps an idle connection. */
  private static final int IDLE_SECONDS = 150;

  /**
   * Of the request line, and of all headers: more than the edge passes on, which is 32 KiB, what
   * Go's server adds to that, and the edge's own headers. Beyond it Vert.x answers and closes the
   * connection with the rest unread, and the edge says 502 if it notices that before the answer.
   * Instead, intake itself refuses what is too large, and reads on.
   */
  private static final int MAX_HEADER_BYTES = 64 << 10;

  private Servers() {}

  /** HTTP/1.1 on one port. */
  public static HttpServerOptions options(int port) {
    return new HttpServerOptions()
        .setPort(port)
        .setAcceptBacklog(BACKLOG)
        .setIdleTimeout(IDLE_SECONDS)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxInitialLineLength(MAX_HEADER_BYTES)
        .setHttp2ClearTextEnabled(false);
  }
}
