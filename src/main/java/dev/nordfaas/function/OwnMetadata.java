package dev.nordfaas.function;

import dev.nordfaas.config.model.Refusal;
import dev.nordfaas.manifest.Labels;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which labels and annotations a function may have of its own. */
public final class OwnMetadata {
  private static final String PLATFORM = "nordfaas.dev";
  private static final Set<String> KUBERNETES = Set.of("kubernetes.io", "k8s.io");

  /** Recommended labels, which belong to whoever installs something. */
  private static final String SHARED = "app.kubernetes.io";

  /** The controller of Deployments tells their versions apart by it. */
  private static final String POD_TEMPLATE_HASH = "pod-template-hash";

  private static final String PROMETHEUS = "prometheus.io";
  private static final String PULUMI = "pulumi.com";
  private static final String OPENFAAS = "com.openfaas.";
  private static final String OWN_PREFIX = "use your own prefix, such as example.no/";

  private OwnMetadata() {}

  /** What is wrong with a label, if anything. */
  public static Optional<Refusal> ofLabel(String key) {
    if (platformLabels().contains(key) || isWithin(key, PLATFORM)) {
      return refusal("is set by the platform, which finds pods by it", "remove it");
    }
    if (key.equals(POD_TEMPLATE_HASH) || (isOfKubernetes(key) && !isWithin(key, SHARED))) {
      return refusal("belongs to Kubernetes", OWN_PREFIX + "team");
    }
    return key.startsWith(OPENFAAS + "scale.")
        ? refusal("only scales functions that OpenFaaS deploys itself", "use scale")
        : Optional.empty();
  }

  /**
   * What is wrong with an annotation, if anything.
   *
   * @param queue whether OpenFaaS' own queue runs, which reads annotations
   */
  public static Optional<Refusal> ofAnnotation(String key, boolean queue) {
    if (isWithin(key, PLATFORM)) {
      return refusal("is set by the platform", "remove it");
    }
    if (isWithin(key, PROMETHEUS) || key.startsWith(PROMETHEUS + ".")) {
      return refusal("is set by the platform", "use metricsPort");
    }
    if (isWithin(key, PULUMI)) {
      return refusal("would change how Pulumi applies the Deployment", "remove it");
    }
    if (isOfKubernetes(key)) {
      return refusal("belongs to Kubernetes", OWN_PREFIX + "owner");
    }
    return key.startsWith(OPENFAAS) ? ofOpenFaas(key, queue) : Optional.empty();
  }

  private static Optional<Refusal> ofOpenFaas(String key, boolean queue) {
    if (key.startsWith(OPENFAAS + "retry.") || key.equals(OPENFAAS + "queue")) {
      return queue
          ? Optional.empty()
          : refusal(
              "is only read by OpenFaaS' own queue",
              "set openfaas.jetstream, or use backoff and maxDeliver of the stream's consumer");
    }
    return key.startsWith(OPENFAAS + "health.") || key.startsWith(OPENFAAS + "ready.")
        ? refusal("only matters for functions that OpenFaaS deploys itself", "use readinessPath")
        : refusal("only matters for functions that OpenFaaS deploys itself", "remove it");
  }

  /** What every function's objects are labelled with, and selected by. */
  private static Set<String> platformLabels() {
    var labels = new TreeSet<>(new Labels("", "").all().keySet());
    labels.add(Workloads.FAAS_FUNCTION);
    return labels;
  }

  private static boolean isOfKubernetes(String key) {
    return KUBERNETES.stream().anyMatch(domain -> isWithin(key, domain));
  }

  /** Whether the key's prefix is the domain, or below it. */
  private static boolean isWithin(String key, String domain) {
    var slash = key.indexOf('/');
    var prefix = slash < 0 ? "" : key.substring(0, slash);
    return prefix.equals(domain) || prefix.endsWith("." + domain);
  }

  private static Optional<Refusal> refusal(String reason, String fix) {
    return Optional.of(new Refusal(reason, fix));
  }
}
