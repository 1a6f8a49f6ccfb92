package dev.nordfaas.openfaas;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import dev.nordfaas.manifest.Metadata;
import dev.nordfaas.manifest.Namespaces;
import java.util.Map;

/** The secrets that gateway and provider read. */
public final class BasicAuth {
  /** The administrator's name at the gateway. */
  public static final String USER = "admin";

  static final String NAME = "basic-auth";
  static final String USER_KEY = "basic-auth-user";
  static final String PASSWORD_KEY = "basic-auth-password";
  static final String LICENSE = "openfaas-license";
  static final String LICENSE_KEY = "license";

  private BasicAuth() {}

  /** User and password of the administrator, under the names that OpenFaaS expects. */
  public static SecretArgs secret(Output<String> password) {
    return SecretArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, NAME, Gateway.LABELS))
        .type("Opaque")
        .stringData(
            password.applyValue(text -> Map.of(USER_KEY, USER, PASSWORD_KEY, text)).asSecret())
        .build();
  }

  /** The Secret with the license of the standard edition. */
  public static SecretArgs license(Output<String> license) {
    return SecretArgs.builder()
        .metadata(Metadata.of(Namespaces.OPENFAAS, LICENSE, Gateway.LABELS))
        .type("Opaque")
        .stringData(license.applyValue(text -> Map.of(LICENSE_KEY, text)).asSecret())
        .build();
  }
}
