package dev.nordfaas.tls;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import java.util.Map;

/** A Secret with the files of a server. */
public final class TlsSecret {
  private TlsSecret() {}

  /** The Secret, of the type that controllers expect. */
  public static SecretArgs of(ObjectMetaArgs metadata, Output<ServerTls> tls) {
    return SecretArgs.builder()
        .metadata(metadata)
        .type("kubernetes.io/tls")
        .stringData(tls.applyValue(TlsSecret::files).asSecret())
        .build();
  }

  private static Map<String, String> files(ServerTls tls) {
    return Map.of(
        ServerTls.CA_FILE, tls.caCertificate(),
        ServerTls.CERTIFICATE_FILE, tls.certificate(),
        ServerTls.PRIVATE_KEY_FILE, tls.privateKey());
  }
}
