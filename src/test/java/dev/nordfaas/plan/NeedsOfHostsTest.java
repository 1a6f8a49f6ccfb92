package dev.nordfaas.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.Images;
import dev.nordfaas.config.check.PatchedConfig;
import dev.nordfaas.host.PortRange;
import dev.nordfaas.testing.Fixtures;
import org.junit.jupiter.api.Test;

class NeedsOfHostsTest {
  private static final String AIR_GAP =
      "nordfaas:k3s.airGap: {binary: pom.xml, images: airgap/images.tar.zst}";

  @Test
  void areTheRegistriesOfAllImagesAndTheReleases() {
    var needs = NeedsOfHosts.of(Fixtures.oslo());

    assertThat(needs.registries())
        .containsExactly(
            "https://ghcr.io/v2/",
            "https://registry-1.docker.io/v2/",
            "https://registry.k8s.io/v2/");
    assertThat(needs.downloads())
        .containsExactly(
            "https://github.com/k3s-io/k3s/releases/latest/download/sha256sum-amd64.txt");
    assertThat(needs.architectures()).containsExactly("amd64", "arm64");
  }

  @Test
  void areTheModuleAndThePortOfTheChosenBackend() {
    var wireGuard =
        NeedsOfHosts.of(
            PatchedConfig.of(
                "bergen", "set: {nordfaas:nodes.bergen-4.privateAddress: 198.51.100.14}"));
    var vxlan = NeedsOfHosts.of(Fixtures.bergen());

    assertThat(wireGuard.modules()).containsExactly("wireguard");
    assertThat(wireGuard.freePorts())
        .contains(PortRange.of(51820))
        .doesNotContain(PortRange.of(8472));
    assertThat(vxlan.modules()).containsExactly("vxlan");
    assertThat(vxlan.freePorts()).contains(PortRange.of(8472)).doesNotContain(PortRange.of(51820));
  }

  @Test
  void areAMirrorInThePlaceOfItsRegistry() {
    var config =
        PatchedConfig.of(
            "oslo",
            "set: {nordfaas:k3s.registries: {docker.io: {country: \"NO\", endpoints:"
                + " [https://mirror.example.no]}}}");

    assertThat(NeedsOfHosts.of(config).registries())
        .containsExactly(
            "https://ghcr.io/v2/", "https://mirror.example.no/v2/", "https://registry.k8s.io/v2/");
  }

  @Test
  void areTheRegistriesOfK3sOwnImagesWhereverTheyComeFrom() {
    var config =
        PatchedConfig.of(
            "oslo",
            "set: {nordfaas:k3s.extraConfig: {system-default-registry: [k3s.example.no],"
                + " helm-job-image: ['quay.io/a/b:1'], pause-image: ['pause.example.no/c:2']}}");

    assertThat(NeedsOfHosts.of(config).registries())
        .contains(
            "https://k3s.example.no/v2/", "https://quay.io/v2/", "https://pause.example.no/v2/");
  }

  @Test
  void areMirrorsAloneWhereK3sComesAsFiles() {
    var config =
        PatchedConfig.of(
            "oslo",
            "set: {%s, nordfaas:k3s.sha256: {amd64: %s}, nordfaas:k3s.registries: {ghcr.io: {country: \"NO\", endpoints: [https://mirror.example.no]}}}"
                .formatted(AIR_GAP, "f".repeat(64)));

    var needs = NeedsOfHosts.of(config);

    assertThat(needs.registries()).containsExactly("https://mirror.example.no/v2/");
    assertThat(needs.downloads()).isEmpty();
    assertThat(needs.architectures()).containsExactly("amd64");
  }

  @Test
  void anInstallerOfItsOwnNeedsNoDownload() {
    var config = PatchedConfig.of("oslo", "set: {nordfaas:k3s.installer: /usr/local/bin/install}");

    var needs = NeedsOfHosts.of(config);

    assertThat(needs.registries()).isEmpty();
    assertThat(needs.downloads()).isEmpty();
    assertThat(needs.installer()).contains("/usr/local/bin/install");
  }

  @Test
  void thePortsOfPodsMayBeTaken() {
    assertThat(NeedsOfHosts.of(Fixtures.oslo()).freePorts())
        .contains(PortRange.of(80), PortRange.of(6443), PortRange.of(6444))
        .doesNotContain(PortRange.of(22), PortRange.of(5432), PortRange.of(6432));
  }

  @Test
  void imagesOfOpenFaasAreNotNeededWithoutIt() {
    assertThat(Images.of(PatchedConfig.withoutOpenFaas()))
        .contains(PatchedConfig.withoutOpenFaas().openfaas().prometheus().orElseThrow().image())
        .noneMatch(image -> image.contains("openfaas"));
  }

  @Test
  void imagesAreThoseOfEveryKey() {
    var config = Fixtures.oslo();

    assertThat(Images.of(config))
        .contains(
            config.nats().image(),
            config.postgres().image(),
            config.postgres().pooler().image(),
            config.postgres().exporterImage().orElseThrow(),
            config.edge().image(),
            config.openfaas().gatewayImage(),
            config.openfaas().providerImage(),
            config.queueWorker().image(),
            config.functions().values().iterator().next().image());
  }
}
