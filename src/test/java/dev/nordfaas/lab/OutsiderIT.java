package dev.nordfaas.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody at the other end of the VPS's cable, with whatever source address they like. The VPS
 * answers each of them, as it has a default route like any VPS.
 */
@EndToEnd
class OutsiderIT {
  private static final String CABLE = "nflab0";

  /** In none of the networks that the stack config lists. */
  private static final String STRANGER = "198.51.100.9";

  private final List<String> sources = new ArrayList<>();

  @BeforeAll
  static void addADefaultRoute() {
    Lab.inVps("ip", "route", "replace", "default", "via", Lab.OUTSIDE);
  }

  @AfterAll
  static void removeTheDefaultRoute() {
    Lab.inVps("ip", "route", "del", "default");
  }

  @AfterEach
  void removeTheAddresses() {
    sources.forEach(source -> Lab.run("ip", "address", "del", source + "/32", "dev", CABLE));
    Lab.run("ip", "route", "flush", "via", Lab.ADDRESS);
  }

  private String source(String address) {
    sources.add(address);
    Lab.run("ip", "address", "add", address + "/32", "dev", CABLE).ok();
    return address;
  }

  @Test
  void anAdministratorReachesFourPorts() {
    assertThat(PortScan.open(Lab.OUTSIDE, Lab.ADDRESS, PortScan.ALL))
        .containsExactly(22, 80, 443, 6443);
  }

  @Test
  void aStrangerReachesTheEdgeOnly() {
    assertThat(PortScan.open(source(STRANGER), Lab.ADDRESS, PortScan.ALL)).containsExactly(80, 443);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.43.7.7", "10.43.0.1", "10.42.200.9", "10.42.0.250"})
  void anAddressOfTheClusterFromOutsideReachesNothing(String address) {
    assertThat(PortScan.open(source(address), Lab.ADDRESS, Lab.listeningPorts())).isEmpty();
  }

  @Test
  void noPodAndNoServiceAnswersOnItsOwnAddress() {
    var addresses = new TreeSet<String>();
    for (var pod : Lab.objects("pods", "--all-namespaces")) {
      addresses.add(pod.at("/status/podIP").stringValue(Lab.ADDRESS));
    }
    for (var service : Lab.objects("services", "--all-namespaces")) {
      addresses.add(service.at("/spec/clusterIP").stringValue("None"));
    }
    addresses.removeAll(List.of(Lab.ADDRESS, "None"));
    Lab.run("ip", "route", "add", "10.42.0.0/15", "via", Lab.ADDRESS).ok();

    var ports = Lab.listeningPorts();
    var targets =
        addresses.stream()
            .flatMap(address -> ports.stream().map(port -> new InetSocketAddress(address, port)))
            .toList();

    assertThat(addresses).hasSizeGreaterThan(10);
    assertThat(PortScan.open(Lab.OUTSIDE, targets)).isEmpty();
  }
}
