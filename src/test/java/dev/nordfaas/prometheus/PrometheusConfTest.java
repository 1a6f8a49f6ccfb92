package dev.nordfaas.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.dataformat.yaml.YAMLMapper;

class PrometheusConfTest {
  private static final String CONF =
      PrometheusConf.of(
          Duration.ofSeconds(5),
          List.of(
              ScrapeTarget.openFaas("gateway", "gateway", 8082),
              ScrapeTarget.workload("intake", "intake-metrics", 8081)));

  @Test
  void findsThePodsOfEachTargetByDns() {
    assertThat(scrapes())
        .isEqualTo(
            List.of(
                scrape("gateway", "gateway-metrics.openfaas.svc.cluster.local.", 8082),
                scrape("intake", "intake-metrics.openfaas-fn.svc.cluster.local.", 8081)));
  }

  @Test
  void asksTheKubernetesApiForNothing() {
    assertThat(CONF).doesNotContain("kubernetes_sd_configs", "bearer_token");
  }

  private static Object scrapes() {
    return new YAMLMapper().readValue(CONF, Map.class).get("scrape_configs");
  }

  private static Map<String, Object> scrape(String job, String name, int port) {
    return Map.of(
        "job_name",
        job,
        "dns_sd_configs",
        List.of(
            Map.of("names", List.of(name), "type", "A", "port", port, "refresh_interval", "5s")));
  }
}
