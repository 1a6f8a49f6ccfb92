package dev.nordfaas.plan;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.HttpsUrl;
import dev.nordfaas.config.IssuerConfig;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.edge.EdgePod;
import dev.nordfaas.edge.EdgePolicies;
import dev.nordfaas.function.Workloads;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.openfaas.Gateway;
import dev.nordfaas.openfaas.OpenFaasPolicies;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Derives what leaves the cluster: of pods, what the network policies allow, with the names and
 * countries that the config has for it; of hosts, whose connections nothing limits, what they are
 * set up to use.
 */
final class DestinationPlan {
  private static final int KUBERNETES_API = 6443;
  private static final int HTTPS = 443;
  private static final int NTP = 123;
  private static final int DNS = 53;
  private static final int HTTP = 80;
  private static final String EDGE = Namespaces.EDGE + "/" + EdgePod.NAME;
  private static final String GATEWAY = Namespaces.OPENFAAS + "/" + Gateway.NAME;

  private final StackConfig config;
  private final ClusterNetworks networks;
  private final List<Party> parties;
  private final List<Named> names = new ArrayList<>();

  private DestinationPlan(Plan plan) {
    config = plan.config();
    networks = plan.clusterNetworks();
    parties = plan.parties();
    nameStore();
    nameIssuers();
    nameAuthority();
    nameOnlineCheck();
    config.functions().forEach(this::nameOfFunction);
    nameKubernetesApi();
  }

  /** What the config says of a destination: its name, where it is, and what it is for. */
  private record Label(Optional<String> host, Optional<String> country, Optional<String> purpose) {}

  /**
   * A destination that the config says something of.
   *
   * @param from the workload, or a namespace and a slash, or nothing for any
   */
  private record Named(String from, Cidr network, int port, Label label) {
    boolean isOf(Flow flow) {
      return isFrom(flow.from()) && flow.to().equals(network.text()) && flow.port() == port;
    }

    private boolean isFrom(String workload) {
      var isGroup = from.isEmpty() || from.endsWith("/");
      return isGroup ? workload.startsWith(from) : workload.equals(from);
    }
  }

  static List<Destination> of(Plan plan) {
    return new DestinationPlan(plan).all(plan);
  }

  /**
   * What each flow is for, in the words of the config; flows of which it says nothing are not
   * there.
   */
  static Map<Flow, List<String>> purposes(Plan plan) {
    var names = new DestinationPlan(plan).names;
    var purposes = new LinkedHashMap<Flow, List<String>>();
    for (var flow : plan.flows()) {
      var found =
          names.stream()
              .filter(name -> name.isOf(flow))
              .flatMap(name -> name.label().purpose().stream())
              .distinct()
              .toList();
      if (!found.isEmpty()) {
        purposes.put(flow, found);
      }
    }
    return purposes;
  }

  private List<Destination> all(Plan plan) {
    return Stream.concat(
            plan.flows().stream().filter(this::leaves).flatMap(this::named), ofHosts(plan))
        .distinct()
        .toList();
  }

  private boolean leaves(Flow flow) {
    if (!flow.to().matches(Cidr.PATTERN)) {
      return false;
    }
    var to = Cidr.parse(flow.to());
    return networks.around(to).isEmpty() && !networks.apiServers().contains(to);
  }

  private Stream<Destination> named(Flow flow) {
    var found = names.stream().filter(name -> name.isOf(flow)).toList();
    return found.isEmpty()
        ? Stream.of(destination(flow, Optional.empty(), Optional.empty()))
        : found.stream()
            .map(name -> destination(flow, name.label().host(), name.label().country()));
  }

  private static Destination destination(
      Flow flow, Optional<String> host, Optional<String> country) {
    return new Destination(flow.from(), host, Optional.of(flow.to()), flow.port(), country);
  }

  private void nameStore() {
    config
        .postgres()
        .backup()
        .flatMap(backup -> backup.repository().s3())
        .ifPresent(
            s3 ->
                name(
                    Namespaces.POSTGRES + "/",
                    s3.cidrs(),
                    s3.port(),
                    new Label(
                        Optional.of(withoutPort(s3.endpoint())),
                        Optional.of(s3.country()),
                        Optional.of("backups: %s (%s)".formatted(s3.endpoint(), s3.country())))));
  }

  private void nameIssuers() {
    config
        .edge()
        .issuers()
        .forEach(
            (name, issuer) ->
                issuer
                    .host()
                    .ifPresent(
                        host ->
                            name(
                                EDGE,
                                issuer.cidrs(),
                                host.port(),
                                new Label(
                                    Optional.of(host.host()),
                                    issuer.country(),
                                    Optional.of(ofIssuer(name, issuer, host))))));
  }

  private static String ofIssuer(String name, IssuerConfig issuer, HttpsUrl host) {
    return "keys of issuer %s: %s%s"
        .formatted(
            name, host.host(), issuer.country().map(country -> " (" + country + ")").orElse(""));
  }

  private void nameAuthority() {
    if (config.edge().tls() == EdgeConfig.Tls.ACME) {
      var host = config.edge().acmeDirectory().map(directory -> HttpsUrl.parse(directory).host());
      name(
          EDGE,
          networks.families(),
          EdgePolicies.acmePort(config.edge()),
          new Label(
              Optional.of(host.orElse("Let's Encrypt or ZeroSSL, for certificates")),
              Optional.empty(),
              Optional.of(
                  "certificates: " + host.orElse("the ACME authority, such as Let's Encrypt"))));
    }
  }

  private void nameOnlineCheck() {
    if (config.openfaas().edition() == Edition.COMMUNITY) {
      name(
          GATEWAY,
          networks.families(),
          HTTPS,
          new Label(
              Optional.of(OpenFaasPolicies.ONLINE_CHECK),
              Optional.of(OpenFaasPolicies.ONLINE_CHECK_COUNTRY),
              Optional.of(
                  "OpenFaaS CE asks %s (USA) at its start; no data of requests"
                      .formatted(OpenFaasPolicies.ONLINE_CHECK))));
    }
  }

  /** The config has no key for the country of what a function connects to. */
  private void nameOfFunction(String name, FunctionConfig function) {
    function
        .egress()
        .forEach(
            rule ->
                rule.network()
                    .ifPresent(
                        network ->
                            name(
                                Namespaces.FUNCTIONS + "/" + name,
                                List.of(network),
                                rule.port(),
                                new Label(rule.host(), Optional.empty(), rule.host()))));
    function
        .queue()
        .ifPresent(
            queue ->
                queue
                    .callbacks()
                    .forEach(
                        callback ->
                            name(
                                Namespaces.FUNCTIONS + "/" + Workloads.workerName(name),
                                List.of(callback.cidr()),
                                callback.port(),
                                new Label(
                                    Optional.of(callback.host()),
                                    Optional.empty(),
                                    Optional.of("callbacks: " + callback.host())))));
  }

  /** Where its address is not known, its port is open to all. */
  private void nameKubernetesApi() {
    if (networks.apiServers().isEmpty()) {
      name(
          "",
          networks.families(),
          KUBERNETES_API,
          new Label(
              Optional.of("the Kubernetes API, whose address is not in the config"),
              Optional.empty(),
              Optional.empty()));
    }
  }

  private void name(String from, List<Cidr> destinations, int port, Label label) {
    destinations.forEach(network -> names.add(new Named(from, network, port, label)));
  }

  private Stream<Destination> ofHosts(Plan plan) {
    var all = new ArrayList<Destination>();
    plan.hostNeeds().registries().forEach(url -> all.add(ofUrl(url)));
    if (config.k3s().existing().isEmpty()) {
      plan.hostNeeds().downloads().forEach(url -> all.add(ofUrl(url)));
      config
          .k3s()
          .etcdSnapshots()
          .s3()
          .ifPresent(
              s3 ->
                  all.add(
                      ofHost(withoutPort(s3.endpoint()), s3.port(), Optional.of(s3.country()))));
      config.host().ntpServers().forEach(host -> all.add(ofHost(host, NTP, Optional.empty())));
      all.add(ofHost("the VPS provider's name servers", DNS, Optional.empty()));
      all.add(ofHost("the distribution's packages", HTTP, Optional.empty()));
    }
    return all.stream();
  }

  private Destination ofUrl(String url) {
    var parsed = HttpsUrl.parse(url);
    return ofHost(parsed.host(), parsed.port(), countryOfRegistry(parsed.host()));
  }

  private Optional<String> countryOfRegistry(String host) {
    return parties.stream()
        .filter(party -> party.kind() == Party.Kind.REGISTRY)
        .filter(party -> party.hosts().stream().anyMatch(it -> it.name().equals(host)))
        .flatMap(party -> party.country().stream())
        .findFirst();
  }

  private static Destination ofHost(String host, int port, Optional<String> country) {
    return new Destination(Destination.HOSTS, Optional.of(host), Optional.empty(), port, country);
  }

  private static String withoutPort(String endpoint) {
    return HttpsUrl.parse("https://" + endpoint).host();
  }
}
