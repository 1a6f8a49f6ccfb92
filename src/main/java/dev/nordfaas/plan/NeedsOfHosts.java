package dev.nordfaas.plan;

import dev.nordfaas.config.Images;
import dev.nordfaas.config.K3sConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.host.HostNeeds;
import dev.nordfaas.k3s.Flannel;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What every host of a stack needs before K3s is installed. */
final class NeedsOfHosts {
  private static final String DOCKER_HUB = "docker.io";

  /**
   * Takes the same route as each release, including the redirect to the store of its files, and
   * stays the same when {@code k3s.version} changes.
   */
  private static final String RELEASES =
      "https://github.com/k3s-io/k3s/releases/latest/download/sha256sum-amd64.txt";

  private NeedsOfHosts() {}

  static HostNeeds of(StackConfig config) {
    var k3s = config.k3s();
    return new HostNeeds(
        ListenedPorts.takenOnHosts(config),
        registries(config),
        isBrought(k3s) ? List.of() : List.of(RELEASES),
        k3s.airGap().isPresent() ? pinned(k3s) : HostNeeds.ARCHITECTURES,
        List.of(Flannel.of(k3s, config.nodes()).kernelModule()),
        k3s.installer());
  }

  /** Whether K3s is copied as files, including all images without a mirror. */
  private static boolean isBrought(K3sConfig k3s) {
    return k3s.airGap().isPresent() || k3s.installer().isPresent();
  }

  /** The checksums that an air-gapped host's binary is checked against. */
  private static List<String> pinned(K3sConfig k3s) {
    var architectures = new ArrayList<String>();
    k3s.sha256().amd64().ifPresent(it -> architectures.add("amd64"));
    k3s.sha256().arm64().ifPresent(it -> architectures.add("arm64"));
    return architectures;
  }

  private static List<String> registries(StackConfig config) {
    var registries = new TreeSet<String>();
    var extra = config.k3s().extraConfig();
    // K3s' own images come from there.
    registries.addAll(extra.getOrDefault("system-default-registry", List.of(DOCKER_HUB)));
    Stream.of("helm-job-image", "pause-image")
        .flatMap(key -> extra.getOrDefault(key, List.of()).stream())
        .forEach(image -> registries.add(registryOf(image)));
    Images.of(config).forEach(image -> registries.add(registryOf(image)));
    var urls = new TreeSet<String>();
    for (var registry : registries) {
      var mirror = config.k3s().registries().get(registry);
      if (mirror != null) {
        mirror.endpoints().forEach(endpoint -> urls.add(api(endpoint)));
      } else if (!isBrought(config.k3s())) {
        urls.add(
            api("https://" + (registry.equals(DOCKER_HUB) ? "registry-1.docker.io" : registry)));
      }
    }
    return List.copyOf(urls);
  }

  private static String api(String url) {
    return url.replaceFirst("/$", "") + "/v2/";
  }

  /** The part before the first slash, if it is a host. */
  private static String registryOf(String image) {
    var first = image.indexOf('/') < 0 ? "" : image.substring(0, image.indexOf('/'));
    return first.contains(".") || first.contains(":") || first.equals("localhost")
        ? first
        : DOCKER_HUB;
  }
}
