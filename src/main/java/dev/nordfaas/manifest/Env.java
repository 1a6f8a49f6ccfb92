package dev.nordfaas.manifest;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.inputs.EnvVarArgs;
import com.pulumi.kubernetes.core.v1.inputs.EnvVarSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.ObjectFieldSelectorArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecretKeySelectorArgs;

/** Environment variables of a container, which get their values as they are written. */
public final class Env {
  private Env() {}

  /** A variable with a plain value. */
  public static EnvVarArgs value(String name, String value) {
    return EnvVarArgs.builder().name(name).value(Literal.of(value)).build();
  }

  /** A variable with an output as its value. */
  public static EnvVarArgs value(String name, Output<String> value) {
    return EnvVarArgs.builder().name(name).value(value.applyValue(Literal::of)).build();
  }

  /** A variable with the value of a Secret's key. */
  public static EnvVarArgs secret(String name, String secret, String key) {
    return EnvVarArgs.builder()
        .name(name)
        .valueFrom(
            EnvVarSourceArgs.builder()
                .secretKeyRef(SecretKeySelectorArgs.builder().name(secret).key(key).build())
                .build())
        .build();
  }

  /** A variable with a field of the pod, such as {@code metadata.name}. */
  public static EnvVarArgs field(String name, String path) {
    return EnvVarArgs.builder()
        .name(name)
        .valueFrom(
            EnvVarSourceArgs.builder()
                .fieldRef(ObjectFieldSelectorArgs.builder().fieldPath(path).build())
                .build())
        .build();
  }
}
