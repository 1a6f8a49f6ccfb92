package dev.nordfaas.lab.fault;

import java.util.Arrays;
import java.util.Locale;

/** What sort of fault it is: a section of the table. */
public enum Kind {
  PROCESS("A process is killed"),
  NODE("A node is lost"),
  NETWORK("The network between nodes is bad"),
  VOLUME("A volume is full"),
  LOAD("Ten times the load"),
  EDGE("The edge"),
  PAIR("A node with NATS and a worker are lost together");

  private final String title;

  Kind(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }

  /** As it is written to a file. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Kind of(String word) {
    return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst().orElseThrow();
  }
}
