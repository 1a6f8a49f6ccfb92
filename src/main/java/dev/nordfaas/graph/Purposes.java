package dev.nordfaas.graph;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.HttpsUrl;
import dev.nordfaas.config.IssuerConfig;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.edge.EdgePod;
import dev.nordfaas.function.Workloads;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.openfaas.Gateway;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What workloads connect to outside the cluster, in the words of the config. */
final class Purposes {
  private static final int HTTPS = 443;

  /** One reason for a flow that leaves the cluster. */
  private record Purpose(
      String namespace, Optional<String> name, String to, int port, String text) {
    boolean isOf(String workload, String network, int otherPort) {
      return to.equals(network)
          && port == otherPort
          && workload.startsWith(namespace + "/")
          && name.map(it -> workload.equals(namespace + "/" + it)).orElse(true);
    }
  }

  private final List<Purpose> all = new ArrayList<>();

  Purposes(StackConfig config) {
    addEdge(config);
    if (config.openfaas().edition() == Edition.COMMUNITY) {
      addToAny(
          Namespaces.OPENFAAS,
          Gateway.NAME,
          HTTPS,
          "OpenFaaS CE asks checkip.amazonaws.com (USA) at its start; no data of requests");
    }
    config
        .postgres()
        .backup()
        .flatMap(backup -> backup.repository().s3())
        .ifPresent(
            store ->
                add(
                    Namespaces.POSTGRES,
                    Optional.empty(),
                    store.cidrs(),
                    store.port(),
                    "backups: %s (%s)".formatted(store.endpoint(), store.country())));
    config.functions().forEach(this::addFunction);
  }

  /** Those of one flow. */
  List<String> of(String workload, String network, int port) {
    return all.stream()
        .filter(purpose -> purpose.isOf(workload, network, port))
        .map(Purpose::text)
        .distinct()
        .toList();
  }

  private void addEdge(StackConfig config) {
    var edge = config.edge();
    if (edge.tls() == Tls.ACME) {
      var directory = edge.acmeDirectory().map(HttpsUrl::parse);
      addToAny(
          Namespaces.EDGE,
          EdgePod.NAME,
          directory.map(HttpsUrl::port).orElse(HTTPS),
          "certificates: "
              + directory.map(HttpsUrl::host).orElse("the ACME authority, such as Let's Encrypt"));
    }
    edge.issuers()
        .forEach(
            (name, issuer) ->
                issuer
                    .host()
                    .ifPresent(
                        host ->
                            add(
                                Namespaces.EDGE,
                                Optional.of(EdgePod.NAME),
                                issuer.cidrs(),
                                host.port(),
                                issuer(name, issuer, host))));
  }

  private static String issuer(String name, IssuerConfig issuer, HttpsUrl host) {
    return "keys of issuer %s: %s%s"
        .formatted(
            name, host.host(), issuer.country().map(country -> " (" + country + ")").orElse(""));
  }

  private void addFunction(String name, FunctionConfig function) {
    for (var rule : function.egress()) {
      rule.network()
          .ifPresent(
              network ->
                  rule.host()
                      .ifPresent(
                          host ->
                              add(
                                  Namespaces.FUNCTIONS,
                                  Optional.of(name),
                                  List.of(network),
                                  rule.port(),
                                  host)));
    }
    function.queue().stream()
        .flatMap(queue -> queue.callbacks().stream())
        .forEach(
            callback ->
                add(
                    Namespaces.FUNCTIONS,
                    Optional.of(Workloads.workerName(name)),
                    List.of(callback.cidr()),
                    callback.port(),
                    "callbacks: " + callback.host()));
  }

  private void addToAny(String namespace, String name, int port, String text) {
    add(
        namespace,
        Optional.of(name),
        List.of(ClusterNetworks.VERSION_4, ClusterNetworks.VERSION_6),
        port,
        text);
  }

  private void add(
      String namespace, Optional<String> name, Collection<Cidr> networks, int port, String text) {
    networks.forEach(network -> all.add(new Purpose(namespace, name, network.text(), port, text)));
  }
}
