package dev.nordfaas.config;

import java.util.List;
import java.util.Optional;

/** The Kubernetes cluster. */
public record K3sConfig(
    @Key(
            value = "K3s release to install, pinned.",
            pattern = "v1\\.[0-9]+\\.[0-9]+\\+k3s[0-9]+",
            hint = "a K3s release, such as v1.34.4+k3s1",
            example = "v1.34.4+k3s1")
        String version,
    @Key(value = "Network of the pods.", defaultValue = "10.42.0.0/16") Cidr clusterCidr,
    @Key(value = "Network of the services.", defaultValue = "10.43.0.0/16") Cidr serviceCidr,
    @Key(
            value = "More names and addresses for the API server's certificate.",
            defaultValue = "[]",
            pattern = Patterns.HOST,
            hint = Patterns.HOST_HINT)
        List<String> tlsSans,
    @Key(
            value =
                "Address of the Kubernetes API in the kubeconfig; without it the first server's address. Set it to a load balancer's or a virtual address where there are three servers.",
            pattern = Patterns.HOST,
            hint = Patterns.HOST_HINT)
        Optional<String> apiAddress,
    @Key(value = "Pods per node.", defaultValue = "110", min = 10, max = 250) int maxPods,
    @Key(value = "etcd snapshots on the servers.", defaultValue = "{}") Snapshots etcdSnapshots,
    @Key(
            value =
                "Program on the node that is run in place of K3s' own installer; it gets the same files. For air-gapped nodes and the lab.",
            pattern = Patterns.PATH,
            hint = Patterns.PATH_HINT)
        Optional<String> installer,
    @Key("A cluster that exists already: then no node is touched.") Optional<Existing> existing) {

  /** When etcd is saved and how many snapshots are kept. */
  public record Snapshots(
      @Key(
              value = "When to take a snapshot, in cron format.",
              defaultValue = "0 */6 * * *",
              pattern = "([0-9*/,-]+ ){4}[0-9*/,-]+",
              hint = "five cron fields, such as '0 */6 * * *'")
          String scheduleCron,
      @Key(value = "Snapshots kept per server.", defaultValue = "28", min = 1, max = 1000)
          int retention) {}

  /** A cluster that nordfaas did not make. */
  public record Existing(
      @Key("Kubeconfig with cluster-admin rights (secret).") Secret kubeconfig) {}
}
