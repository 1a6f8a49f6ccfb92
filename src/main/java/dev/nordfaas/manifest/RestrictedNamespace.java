package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.NamespaceArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import java.util.TreeMap;

/** A namespace that admits only pods of the PodSecurity standard {@code restricted}. */
public final class RestrictedNamespace {
  private static final String ENFORCE = "pod-security.kubernetes.io/enforce";

  private RestrictedNamespace() {}

  /** The namespace with the given name. */
  public static NamespaceArgs of(String name, Labels labels) {
    var all = new TreeMap<>(labels.all());
    all.put(ENFORCE, "restricted");
    return NamespaceArgs.builder()
        .metadata(ObjectMetaArgs.builder().name(name).labels(all).build())
        .build();
  }
}
