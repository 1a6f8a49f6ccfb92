package dev.nordfaas.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Kubernetes cluster. */
public record K3sConfig(
    @Key(
            value =
                "K3s release to install, pinned. A change upgrades node by node; a node refuses to downgrade or to skip a minor release.",
            pattern = "v1\\.[0-9]{1,3}\\.[0-9]{1,3}\\+k3s[0-9]{1,3}",
            hint = "a K3s release, such as v1.35.4+k3s1",
            example = "v1.35.4+k3s1")
        String version,
    @Key(
            value =
                "SHA-256 of the release's binary, pinned. Without it the binary is checked against the release's published checksums, which detects a broken download, but not a modified release.",
            defaultValue = "{}")
        Sha256 sha256,
    @Key(
            value =
                "Name of the server that creates the cluster, which the others join. Name another one once the first is lost. Default: the first one by name.",
            pattern = Patterns.DNS_LABEL,
            hint = Patterns.DNS_LABEL_HINT,
            example = "bergen-2")
        Optional<String> firstServer,
    @Key(
            value = "Network of the pods. Fixed when the cluster is created.",
            defaultValue = "10.42.0.0/16")
        Cidr clusterCidr,
    @Key(
            value = "Network of the services. Fixed when the cluster is created.",
            defaultValue = "10.43.0.0/16")
        Cidr serviceCidr,
    @Key(
            "How pods reach pods on other nodes: vxlan sends their packets as they are, wireguard-native encrypts them. Without it vxlan if every node has an address in a private network, and wireguard-native if any is reached at a public one. A change restarts K3s on all nodes and cuts pods off from other nodes' until the last one is done.")
        Optional<FlannelBackend> flannelBackend,
    @Key(
            value = "Additional names and addresses for the API server's certificate.",
            defaultValue = "[]",
            pattern = Patterns.HOST,
            hint = Patterns.HOST_HINT)
        List<String> tlsSans,
    @Key(
            value =
                "Address of the Kubernetes API in the kubeconfig; without it virtualAddress or, without that, the first server's address. With three servers set either: this one to a load balancer, or to a name with the addresses of all servers.",
            pattern = Patterns.HOST,
            hint = Patterns.HOST_HINT)
        Optional<String> apiAddress,
    @Key(
            "Address of the Kubernetes API that one of the servers has at a time, and another takes over within five seconds.")
        Optional<VirtualAddress> virtualAddress,
    @Key(
            value =
                "Pods per node. Above 250 a node gets a larger part of clusterCidr than a /24; that is fixed when the cluster is created, so set it from the start.",
            defaultValue = "110",
            min = 10,
            max = 1000)
        int maxPods,
    @Key(
            value =
                "Namespaces besides kube-system whose pods need not be restricted in the sense of the Pod Security Standards. A namespace's own label takes precedence.",
            defaultValue = "[]",
            pattern = Patterns.DNS_LABEL,
            hint = Patterns.DNS_LABEL_HINT)
        List<String> podSecurityExemptions,
    @Key(
            value =
                "Mirrors of image registries, by the registry's host. Images of a registry with a mirror are pulled only from the mirror.",
            defaultValue = "{}",
            keyPattern = "(" + Patterns.HOST + "(:[0-9]{1,5})?)",
            keyHint = "a registry's host, such as docker.io")
        Map<String, Mirror> registries,
    @Key(
            value =
                "Additional keys of K3s' config.yaml, each with its values; servers get those for servers, agents those for agents. They add to what nordfaas writes; keys that nordfaas writes itself, those that the release does not have, and keys and flags that would weaken the cluster are refused; docs/k3s.md lists the flags of Kubernetes' components that may be set. With etcd-snapshot-compress, K3s restores a snapshot only from a file whose name ends in .zip.",
            defaultValue = "{}",
            keyPattern = "[a-z0-9-]{1,63}",
            keyHint = "a key of K3s' config.yaml, such as kubelet-arg")
        Map<String, List<String>> extraConfig,
    @Key(value = "etcd snapshots on the servers.", defaultValue = "{}") Snapshots etcdSnapshots,
    @Key(
            value = "Dates that renew certificates and tokens: a new date triggers a renewal.",
            defaultValue = "{}")
        Rotation rotation,
    @Key("Files to install from, for nodes that cannot download them. They are copied over SSH.")
        Optional<AirGap> airGap,
    @Key(
            value =
                "Program on the node that is run instead of nordfaas' own installer; it gets the same files, INSTALL_K3S_VERSION and the role. For the lab.",
            pattern = Patterns.PATH,
            hint = Patterns.PATH_HINT)
        Optional<String> installer,
    @Key("An existing cluster: then no node is touched.") Optional<Existing> existing) {

  /** Address of the Kubernetes API for clients; empty: the first server's. */
  public Optional<String> clientAddress() {
    return apiAddress.or(() -> virtualAddress.map(VirtualAddress::ip));
  }

  /** How flannel carries packets between nodes, in K3s' terms. */
  public enum FlannelBackend {
    VXLAN,
    WIREGUARD_NATIVE
  }

  /** Checksums of one release, by architecture. */
  public record Sha256(
      @Key(
              value = "Of the file k3s, for x86-64.",
              pattern = Patterns.SHA256,
              hint = Patterns.SHA256_HINT)
          Optional<String> amd64,
      @Key(value = "Of the file k3s-arm64.", pattern = Patterns.SHA256, hint = Patterns.SHA256_HINT)
          Optional<String> arm64) {}

  /** Where images of one registry come from. */
  public record Mirror(
      @Key(
              value = "URLs of the mirror, tried in this order.",
              pattern = Patterns.HTTPS_URL,
              hint = Patterns.HTTPS_URL_HINT,
              notEmpty = true,
              example = "[https://mirror.example.no]")
          List<String> endpoints,
      @Key(
              value = Patterns.COUNTRY_OF_STORE,
              pattern = Patterns.COUNTRY,
              hint = Patterns.COUNTRY_HINT,
              example = "\"NO\"")
          String country) {}

  /** When etcd is saved, how many snapshots are kept and where. */
  public record Snapshots(
      @Key(
              value =
                  "When each server takes a snapshot, in its time zone, as five fields: minute, hour, day of the month, month, day of the week (0 to 6 from Sunday, or names).",
              defaultValue = "0 */6 * * *")
          String scheduleCron,
      @Key(
              value =
                  "Snapshots kept on each server; the store keeps retention times the number of servers.",
              defaultValue = "28",
              min = 1,
              max = 1000)
          int retention,
      @Key("S3-compatible store that every snapshot is also uploaded to.")
          Optional<ObjectStoreConfig.EtcdStore> s3,
      @Key(
              "Passphrase (secret) that encrypts the copy of the cluster's token next to the snapshots. A snapshot cannot be restored without the token. Keep the passphrase where it survives the loss of the datacenter.")
          Optional<SecretValue> tokenPassphrase) {}

  /** Dates that trigger a renewal; a new date triggers another one. */
  public record Rotation(
      @Key(
              value =
                  "Renews the certificates of K3s node by node and reads the kubeconfig again. They are valid for a year; K3s also renews them when it starts within 120 days of their expiry, but only this key reads the kubeconfig again.",
              pattern = Patterns.DAY,
              hint = Patterns.DAY_HINT)
          Optional<String> certificates,
      @Key(
              value =
                  "Generates new tokens, one for the servers and one for the agents, and restarts them with these.",
              pattern = Patterns.DAY,
              hint = Patterns.DAY_HINT)
          Optional<String> token) {}

  /** What an air-gapped node is installed from; paths on the machine that runs Pulumi. */
  public record AirGap(
      @Key(
              value = "The release's binary, k3s or k3s-arm64.",
              pattern = Patterns.LOCAL_FILE,
              hint = "a path, such as airgap/k3s",
              example = "airgap/k3s")
          String binary,
      @Key(
              value = "The release's images; K3s loads them from its image folder at each start.",
              pattern = Patterns.LOCAL_FILE + "\\.(tar|tar\\.gz|tar\\.zst)",
              hint = "a path that ends in .tar, .tar.gz or .tar.zst",
              example = "airgap/k3s-airgap-images-amd64.tar.zst")
          String images) {}

  /** A cluster that nordfaas did not create. */
  public record Existing(
      @Key("Kubeconfig with cluster-admin rights (secret).") SecretValue kubeconfig,
      @Key(
              value =
                  "Addresses of the API servers, as in the EndpointSlice default/kubernetes. Without them, pods that use the Kubernetes API may connect to port 6443 of every address.",
              defaultValue = "[]",
              pattern = "(" + Patterns.IPV4 + "|" + Patterns.IPV6 + ")",
              hint = "an IP address, such as 192.0.2.10")
          List<String> apiServers) {}
}
