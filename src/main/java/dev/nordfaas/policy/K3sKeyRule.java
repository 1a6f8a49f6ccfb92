package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.check.Suggestion;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.k3s.ComponentFlags;
import dev.nordfaas.k3s.ComponentFlags.Refusal;
import dev.nordfaas.k3s.K3sKeys;
import dev.nordfaas.k3s.K3sRelease;
import dev.nordfaas.plan.Plan;
import java.util.List;

/**
 * Refuses keys that the release does not have: an agent would not start with one, and a server
 * would only warn and ignore it. Also refuses keys that nordfaas writes itself, and keys and flags
 * that would weaken what it promises.
 */
final class K3sKeyRule implements Rule {
  private static final KeyPath VERSION = KeyPath.of("k3s", "version");
  private static final KeyPath EXTRA = KeyPath.of("k3s", "extraConfig");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var k3s = config.k3s();
    var release = K3sRelease.parse(k3s.version());
    k3s.extraConfig().forEach((key, values) -> checkExtra(key, values, release, problems));
    if (!k3s.registries().isEmpty()) {
      checkSince(
          "disable-default-registry-endpoint", KeyPath.of("k3s", "registries"), release, problems);
    }
    if (k3s.etcdSnapshots().s3().isPresent()) {
      checkSince(
          "etcd-s3-config-secret", KeyPath.of("k3s", "etcdSnapshots", "s3"), release, problems);
    }
  }

  private static void checkExtra(
      String key, List<String> values, K3sRelease release, Problems problems) {
    var path = EXTRA.key(key);
    var gone = K3sKeys.gone(key, release);
    var renamed = K3sKeys.renamed(key);
    var ours = K3sKeys.ours(key);
    var weakening = K3sKeys.weakening(key);
    if (gone.isPresent()) {
      problems.add(
          path,
          "was removed in v1.%d: a server only warns, and an agent does not start"
              .formatted(gone.get().sinceMinor()),
          gone.get().instead(),
          VERSION);
    } else if (renamed.isPresent()) {
      problems.add(path, "is an old name", "use " + renamed.get());
    } else if (!K3sKeys.isKnown(key)) {
      problems.add(
          path,
          "is not a key of K3s' config.yaml",
          Suggestion.nearest(key, K3sKeys.all())
              .map(near -> "did you mean " + near + "?")
              .orElse("see `k3s server --help` for the valid keys"));
    } else if (ours.isPresent()) {
      problems.add(path, "cannot be set here", ours.get());
    } else if (weakening.isPresent()) {
      problems.add(path, weakening.get().reason(), weakening.get().fix());
    } else if (values.isEmpty()) {
      problems.add(path, "has no value", "give it one or remove it");
    } else {
      checkSince(key, path, release, problems);
      values.forEach(value -> checkValue(key, value, path, problems));
    }
  }

  private static void checkValue(String key, String value, KeyPath path, Problems problems) {
    ComponentFlags.refusal(key, value)
        .ifPresent(
            refusal -> problems.add(path, value + " " + refusal.reason(), fix(key, refusal)));
  }

  private static String fix(String key, Refusal refusal) {
    return refusal
        .unknown()
        .flatMap(name -> Suggestion.nearest(name, ComponentFlags.harmless(key)))
        .map(near -> "did you mean " + near + "?")
        .orElse(refusal.fix());
  }

  private static void checkSince(String key, KeyPath path, K3sRelease release, Problems problems) {
    K3sKeys.missing(key, release)
        .ifPresent(
            since ->
                problems.add(
                    path,
                    "K3s %s may not have %s".formatted(release, key),
                    "set k3s.version to v1.%d or later".formatted(since),
                    VERSION));
  }
}
