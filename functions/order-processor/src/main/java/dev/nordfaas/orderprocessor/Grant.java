package dev.nordfaas.orderprocessor;

import java.util.List;

/** What the function's role may do with the orders, and so what the function serves. */
enum Grant {
  /** Orders are read, and nothing else. */
  READ("GET, HEAD"),
  /** Orders are stored, too. */
  WRITE("GET, HEAD, POST");

  private final String allow;

  Grant(String allow) {
    this.allow = allow;
  }

  boolean allows(String method) {
    return List.of(allow.split(", ", -1)).contains(method);
  }

  /** The methods, as in the header {@code Allow}. */
  String allow() {
    return allow;
  }
}
