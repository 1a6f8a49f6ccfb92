package dev.nordfaas.policy;

import static dev.nordfaas.config.check.RuleCheck.problems;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.nordfaas.config.HostConfig.SysctlProfileName;
import dev.nordfaas.host.Sysctls;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.testing.Fixtures;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SysctlRuleTest {
  @Test
  void allowsReservedPortsThatCoverThePlatform() {
    assertThat(
            reserved(
                "30000-32000,32001-32767,2379-2382,6443-6444,10010,10248-10259,"
                    + "4222,5432,6222,6432,8080,8222,8472",
                "1024 65535"))
        .isEmpty();
  }

  @Test
  void asksOnlyForPortsInsideTheLocalRange() {
    assertThat(reserved("8080", "32768 60999")).isEmpty();
    assertThat(reserved("8080", "10000 29999"))
        .containsExactly(
            "host.sysctls[\"net.ipv4.ip_local_reserved_ports\"]: 8080 conflicts with net.ipv4.ip_local_port_range = 10000 29999: an outgoing connection could take a port that the platform listens on; reserve 10010,10248-10259 as well");
  }

  @Test
  void asksForThePortOfSshdToo() {
    assertThat(
            problems(
                new SysctlRule(),
                "set: {nordfaas:ssh.port: 22022, nordfaas:host.sysctls: {net.ipv4.ip_local_reserved_ports: '2000-21000', net.ipv4.ip_local_port_range: '20000 29999'}}"))
        .containsExactly(
            "host.sysctls[\"net.ipv4.ip_local_reserved_ports\"]: 2000-21000 conflicts with net.ipv4.ip_local_port_range = 20000 29999: an outgoing connection could take a port that the platform listens on; reserve 22022 as well");
  }

  @Test
  void allowsEveryProfileAsItIs() {
    for (var config : List.of(Fixtures.oslo(), Fixtures.bergen())) {
      for (var profile : SysctlProfileName.values()) {
        var sysctls = Sysctls.ofProfile(profile, Plan.of(config).listenedPorts());
        var values = sysctls.stream().collect(toMap(s -> s.name(), s -> s.value()));
        assertThat(sysctls)
            .allSatisfy(
                sysctl ->
                    assertThat(sysctl.conflicts())
                        .filteredOn(conflict -> values.containsKey(conflict.with()))
                        .allSatisfy(
                            conflict ->
                                assertThat(
                                        conflict
                                            .between()
                                            .apply(sysctl.value(), values.get(conflict.with())))
                                    .isEmpty()));
      }
    }
  }

  /** The overrides, and what the rule says of them, without the path of the map. */
  static Stream<Arguments> fights() {
    return Stream.of(
        arguments(
            "net.bridge.bridge-nf-call-iptables: 0",
            "net.bridge.bridge-nf-call-iptables: 0 does not last: K3s sets it to 1 when it starts, as the rules of services need it; remove it or use \"1\""),
        arguments(
            "net.bridge.bridge-nf-call-ip6tables: 0",
            "net.bridge.bridge-nf-call-ip6tables: 0 does not last: K3s sets it to 1 when it starts on a node with IPv6, as the rules of services need it; remove it or use \"1\""),
        arguments(
            "net.ipv4.conf.default.forwarding: 0",
            "net.ipv4.conf.default.forwarding: 0 does not last: K3s sets it to 1 when it starts, as pods need it; remove it or use \"1\""),
        arguments(
            "net.ipv4.conf.all.route_localnet: 0",
            "net.ipv4.conf.all.route_localnet: 0 does not last: K3s sets it to 1 when it starts, as node ports on 127.0.0.1 need it, and the firewall drops what would misuse it; remove it or use \"1\""),
        arguments(
            "net.ipv4.tcp_timestamps: 0",
            "net.ipv4.tcp_timestamps: 0 conflicts with net.ipv4.tcp_tw_reuse = 1: without timestamps no connection in TIME_WAIT is reused; change one of the two"),
        arguments(
            "net.core.somaxconn: 1024",
            "net.core.somaxconn: 1024 conflicts with net.ipv4.tcp_max_syn_backlog = 4096: the kernel lets no more connections be half-open than may wait for accept; change one of the two"),
        arguments(
            "net.ipv4.tcp_max_syn_backlog: 65536",
            "net.ipv4.tcp_max_syn_backlog: 65536 conflicts with net.core.somaxconn = 8192: the kernel lets no more connections be half-open than may wait for accept; change one of the two"),
        arguments(
            "net.ipv4.neigh.default.gc_thresh2: 1024",
            "net.ipv4.neigh.default.gc_thresh2: 1024 conflicts with net.ipv4.neigh.default.gc_thresh1 = 4096: neighbours would be collected before they count; change one of the two"),
        arguments(
            "net.ipv4.neigh.default.gc_thresh3: 8000",
            "net.ipv4.neigh.default.gc_thresh3: 8000 conflicts with net.ipv4.neigh.default.gc_thresh2 = 8192: the table would be full before it is cleaned up; change one of the two"),
        arguments(
            "fs.nr_open: 65536",
            "fs.nr_open: 65536 keeps everybody from logging in: a login's limit of open files could not be set; remove it or use 1048576 or more"),
        arguments(
            "fs.file-max: 500000",
            "fs.file-max: 500000 conflicts with fs.nr_open = 1048576: one process could take more files than there are; change one of the two"),
        arguments(
            "net.ipv4.conf.all.forwarding: 0",
            "net.ipv4.conf.all.forwarding: 0 conflicts with net.ipv4.ip_forward = 1: the two are one switch, and the pods are cut off from each other; change one of the two"),
        arguments(
            "kernel.panic: 0",
            "kernel.panic: 0 keeps the kubelet from starting; remove it or use \"10\""),
        arguments(
            "vm.panic_on_oom: 1",
            "vm.panic_on_oom: 1 keeps the kubelet from starting; remove it or use \"0\""));
  }

  @ParameterizedTest
  @MethodSource("fights")
  void refusesValuesThatFight(String override, String problem) {
    assertThat(of("host.sysctls", override)).containsExactly(line("host.sysctls", problem));
  }

  @ParameterizedTest
  @MethodSource("fights")
  void refusesThemOnOneNodeToo(String override, String problem) {
    assertThat(of("nodes.oslo-1.sysctls", override))
        .containsExactly(line("nodes.oslo-1.sysctls", problem));
  }

  @Test
  void allowsBothSidesOfAConflictToMoveTogether() {
    assertThat(
            of(
                "host.sysctls",
                "net.core.somaxconn: 65536, net.ipv4.tcp_max_syn_backlog: 65536, fs.file-max: 4194304, fs.nr_open: 2097152"))
        .isEmpty();
  }

  @Test
  void reportsAFightBetweenHostAndNodeWhereItWasMade() {
    assertThat(
            problems(
                new SysctlRule(),
                "set: {nordfaas:host.sysctls: {net.core.somaxconn: 65536}, nordfaas:nodes.oslo-1.sysctls: {net.ipv4.tcp_max_syn_backlog: 100000}}"))
        .singleElement()
        .asString()
        .startsWith(
            "nodes.oslo-1.sysctls[\"net.ipv4.tcp_max_syn_backlog\"]: 100000 conflicts with net.core.somaxconn = 65536");
  }

  private List<String> of(String path, String overrides) {
    return problems(new SysctlRule(), "set: {nordfaas:%s: {%s}}".formatted(path, overrides));
  }

  private String line(String path, String problem) {
    var colon = problem.indexOf(": ");
    return "%s[\"%s\"]%s".formatted(path, problem.substring(0, colon), problem.substring(colon));
  }

  private List<String> reserved(String ports, String range) {
    return problems(
        new SysctlRule(),
        "set: {nordfaas:host.sysctls: {net.ipv4.ip_local_reserved_ports: '%s', net.ipv4.ip_local_port_range: '%s'}}"
            .formatted(ports, range));
  }
}
