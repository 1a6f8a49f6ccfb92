package dev.nordfaas.components;

import com.pulumi.kubernetes.apps.v1.Deployment;
import com.pulumi.kubernetes.core.v1.ConfigMap;
import com.pulumi.kubernetes.core.v1.Service;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.OpenFaasConfig.PrometheusConfig;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.prometheus.PrometheusConf;
import dev.nordfaas.prometheus.PrometheusManifests;
import dev.nordfaas.prometheus.ScrapeTarget;
import java.util.ArrayList;
import java.util.List;

/** Prometheus of {@link OpenFaas}. */
final class OpenFaasMetrics {
  private OpenFaasMetrics() {}

  /** Creates it. Nothing waits for it: everything else works without metrics. */
  static void create(
      Component owner,
      PrometheusConfig config,
      List<ScrapeTarget> targets,
      CallPath calls,
      PullSecret pullSecret,
      List<Resource> after) {
    var conf = PrometheusConf.of(config.interval(), targets);
    var options = owner.childOptions(after);
    var needed = new ArrayList<Resource>();
    for (var target : targets) {
      if (!target.served()) {
        needed.add(
            new Service(
                owner.child(target.job() + "-metrics"),
                PrometheusManifests.targetService(target),
                options));
      }
    }
    needed.add(
        new ServiceAccount(
            owner.child("prometheus-account"), PrometheusManifests.account(pullSecret), options));
    needed.add(
        new ConfigMap(owner.child("prometheus-config"), PrometheusManifests.config(conf), options));
    needed.add(
        new NetworkPolicy(
            owner.child("prometheus-policy"),
            PrometheusManifests.policy(targets, calls).args(),
            options));
    var deployment =
        new Deployment(
            owner.child("prometheus"),
            PrometheusManifests.deployment(config, conf),
            owner.childOptions(needed));
    new Service(
        owner.child("prometheus-service"),
        PrometheusManifests.service(),
        owner.childOptions(List.of(deployment)));
  }
}
