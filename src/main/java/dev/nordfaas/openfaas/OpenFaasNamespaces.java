package dev.nordfaas.openfaas;

import com.pulumi.kubernetes.core.v1.NamespaceArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;
import java.util.Map;
import java.util.TreeMap;

/** The two namespaces: OpenFaaS itself, and the functions. */
public final class OpenFaasNamespaces {
  private static final String ENFORCE = "pod-security.kubernetes.io/enforce";

  private OpenFaasNamespaces() {}

  /** The gateway's. The labels {@code role} and {@code access} are those of OpenFaaS. */
  public static NamespaceArgs system() {
    return namespace(
        Namespaces.OPENFAAS,
        Map.of(ENFORCE, "restricted", "role", "openfaas-system", "access", "openfaas-system"));
  }

  /** The functions', with their workers and the intake. */
  public static NamespaceArgs functions() {
    return namespace(
        Namespaces.FUNCTIONS, Map.of(ENFORCE, "restricted", "role", Namespaces.FUNCTIONS));
  }

  private static NamespaceArgs namespace(String name, Map<String, String> labels) {
    var all = new TreeMap<>(new Labels(name, "namespace").all());
    all.putAll(labels);
    return NamespaceArgs.builder()
        .metadata(ObjectMetaArgs.builder().name(name).labels(all).build())
        .build();
  }
}
