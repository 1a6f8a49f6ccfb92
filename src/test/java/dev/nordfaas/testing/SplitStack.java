package dev.nordfaas.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A stack of the tests with each of its functions in a file of its own.
 *
 * @param config its {@code Pulumi.<stack>.yaml}
 * @param files the texts of the others, by their paths in the project
 */
public record SplitStack(String config, Map<String, String> files) {
  private static final String FUNCTIONS = "  nordfaas:functions:\n";
  private static final Pattern FUNCTION = Pattern.compile("(?m)^    ([a-z-]+):\n((      .*)?\n)+");

  /** The stack of {@link Fixtures} of that name, whose last section are its functions. */
  public static SplitStack of(String stack) {
    var text = Fixtures.text(stack);
    var at = text.indexOf(FUNCTIONS);
    var files = new TreeMap<String, String>();
    FUNCTION
        .matcher(text.substring(at + FUNCTIONS.length()))
        .results()
        .forEach(
            function ->
                files.put(
                    "teams/%s.yaml".formatted(function.group(1)),
                    function.group().replaceAll("(?m)^ {4}", "")));
    return new SplitStack(
        text.substring(0, at) + "  nordfaas:functionFiles: [teams/*.yaml]\n", files);
  }

  /**
   * With more functions, each in a file of its own too, and VPSes for them; without OpenFaaS, whose
   * editions limit their number or need a license.
   */
  public SplitStack withMore(int count) {
    var more = new TreeMap<>(files);
    for (var number = 1; number <= count; number++) {
      more.put(
          "teams/function-%d.yaml".formatted(number),
          """
          function-%d:
            image: ghcr.io/nordfaas/order-processor:0.1.0
            resources: {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 128Mi}}
            metricsPort: 8081
            http: {auth: {apiKeys: [partner-a]}}
          """
              .formatted(number));
    }
    var nodes = new StringBuilder("  nordfaas:nodes:\n");
    for (var number = 2; number < 3 + count / 100; number++) {
      nodes.append(
          """
              oslo-%d:
                role: agent
                address: 192.0.2.%d
                hostKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOp7EA6KzoVcvqT5n862lMahNNeNMDzOq8pLRV80/nhD
                vcpu: 8
                memory: 32Gi
                disk: 400G
                monthlyPriceNok: 1890
          """
              .formatted(number, 100 + number));
    }
    var larger =
        config
            .replaceFirst("(?m)^  nordfaas:nodes:\\n", nodes.toString())
            .replaceFirst(
                "(?m)^  nordfaas:openfaas:\\n(    .*\\n)+",
                "  nordfaas:openfaas: {edition: none, prometheus: {}}\n")
            .replaceFirst("(?m)^    adminCidrs:.*\\n", "")
            .replaceFirst("(?m)^  nordfaas:edge:\\n", "  nordfaas:edge:\n    nodes: [oslo-1]\n")
            .replaceFirst("monthlyCostLimitNok: .*", "monthlyCostLimitNok: 100000");
    return new SplitStack(larger, more);
  }

  /** Writes the files of functions into a project. */
  public void writeFiles(Path project) throws IOException {
    for (var file : files.entrySet()) {
      var path = project.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
  }
}
