package dev.nordfaas.prometheus;

import dev.nordfaas.config.Durations;
import dev.nordfaas.template.Yaml;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration of Prometheus, {@code prometheus.yml}. */
public final class PrometheusConf {
  private PrometheusConf() {}

  /**
   * Writes the file.
   *
   * @param interval how often metrics are scraped, and pods discovered
   * @param targets what to scrape
   */
  public static String of(Duration interval, List<ScrapeTarget> targets) {
    var every = Durations.format(interval);
    return """
        global:
          scrape_interval: %1$s
          scrape_timeout: %1$s
        scrape_configs:
        """
            .formatted(every)
        + targets.stream().map(target -> scrape(target, every)).collect(Collectors.joining());
  }

  private static String scrape(ScrapeTarget target, String every) {
    return """
          - job_name: %s
            dns_sd_configs:
              - names: [%s]
                type: A
                port: %d
                refresh_interval: %s
        """
        .formatted(Yaml.quote(target.job()), Yaml.quote(target.dnsName()), target.port(), every);
  }
}
