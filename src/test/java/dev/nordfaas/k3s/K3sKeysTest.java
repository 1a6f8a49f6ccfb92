package dev.nordfaas.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.config.check.PatchedConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The list of keys here, and that of the lab's installer. */
class K3sKeysTest {
  private static final Pattern LAB_KEY = Pattern.compile("(?m)^\t\"([a-z0-9-]+)\": +.*,");

  @Test
  void theLabKnowsNoKeyThatAServerDoesNot() throws IOException {
    assertThat(labKeys()).contains("token-file").allMatch(K3sKeys::isOfServers);
  }

  @Test
  void theLabKnowsEveryKeyThatIsWritten() throws IOException {
    var config =
        PatchedConfig.of(
            "oslo",
            """
            set:
              nordfaas:nodes.oslo-1.privateAddress: 10.20.0.10
              nordfaas:nodes.oslo-1.labels: {nordfaas.dev/disk: nvme}
              nordfaas:nodes.oslo-1.taints: ["nordfaas.dev/disk=nvme:PreferNoSchedule"]
              nordfaas:host.sysctls: {net.netfilter.nf_conntrack_max: 1048576}
              nordfaas:k3s.maxPods: 500
              nordfaas:k3s.registries: {docker.io: {endpoints: ["https://m.example.no"], country: "NO"}}
              nordfaas:k3s.etcdSnapshots.s3:
                endpoint: s3.example.no
                country: "NO"
                bucket: backup
                accessKey: {secure: x}
                secretKey: {secure: x}
            """);
    var topology = Topology.of(config.nodes(), config.host(), config.k3s().firstServer());
    var written =
        new YAMLMapper()
            .readTree(K3sConfigFile.render(config.k3s(), topology, topology.firstServer()))
            .propertyNames();

    assertThat(written).contains("node-taint");
    assertThat(labKeys()).containsAll(written);
  }

  private static List<String> labKeys() throws IOException {
    var source = Files.readString(Path.of("lab/k3s/config.go"));
    var start = source.indexOf("var keys = map[string]key{");
    var table = source.substring(start, source.indexOf("\n}\n", start));
    return LAB_KEY
        .matcher(table)
        .results()
        .map(MatchResult::group)
        .map(line -> line.replaceAll("^\t\"|\".*", ""))
        .toList();
  }
}
