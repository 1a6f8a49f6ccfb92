package dev.nordfaas.graph;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A destination outside the cluster.
 *
 * @param letter by which the picture refers to it
 * @param networks the addresses, as network policies name them
 * @param port TCP port
 * @param purposes by workload that may connect to it what for, as far as the config says
 */
record Exit(
    String letter, List<String> networks, int port, SortedMap<String, List<String>> purposes) {
  private static final List<String> ANY = List.of("0.0.0.0/0", "::/0");

  Exit {
    networks = List.copyOf(networks);
    purposes = new TreeMap<>(purposes);
  }

  /** Networks of all addresses are one destination, whatever the version of IP. */
  static String nameOf(String network) {
    return ANY.contains(network) ? "any address" : network;
  }

  /** Such as {@code 198.51.100.0/24:443}. */
  String text() {
    return "%s, port %d".formatted(nameOf(networks.get(0)), port);
  }

  /** A, B, ... Z, AA, AB and so on. */
  static String letter(int index) {
    var last = String.valueOf((char) ('A' + index % 26));
    return index < 26 ? last : letter(index / 26 - 1) + last;
  }

  /** The workloads that may connect to it. */
  List<String> from() {
    return List.copyOf(purposes.keySet());
  }
}
