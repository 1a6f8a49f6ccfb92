package dev.nordfaas.openfaas;

import com.pulumi.kubernetes.core.v1.inputs.KeyToPathArgs;
import com.pulumi.kubernetes.core.v1.inputs.ProjectedVolumeSourceArgs;
import com.pulumi.kubernetes.core.v1.inputs.SecretProjectionArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeMountArgs;
import com.pulumi.kubernetes.core.v1.inputs.VolumeProjectionArgs;
import dev.nordfaas.config.OpenFaasConfig.Edition;
import dev.nordfaas.manifest.ApiToken;
import dev.nordfaas.manifest.Volumes;
import java.util.ArrayList;
import java.util.List;

/** The volumes of the gateway's pod. */
final class GatewayVolumes {
  static final String SECRETS = "secrets";
  static final String TMP = "tmp";
  static final String LICENSE_PATH = "license/license";

  /** Readable by the pod's group, which no other pod has. */
  private static final int GROUP_READABLE = 0440;

  private GatewayVolumes() {}

  static List<VolumeArgs> of(Edition edition) {
    return List.of(
        projected(SECRETS, secrets(edition)),
        ApiToken.volume(),
        Volumes.scratch(TMP, Gateway.SCRATCH));
  }

  static VolumeMountArgs mount(String volume, String path) {
    return VolumeMountArgs.builder().name(volume).mountPath(path).readOnly(true).build();
  }

  private static List<VolumeProjectionArgs> secrets(Edition edition) {
    var sources = new ArrayList<VolumeProjectionArgs>();
    sources.add(
        secret(
            BasicAuth.NAME,
            file(BasicAuth.USER_KEY, BasicAuth.USER_KEY),
            file(BasicAuth.PASSWORD_KEY, BasicAuth.PASSWORD_KEY)));
    if (edition == Edition.STANDARD) {
      sources.add(secret(BasicAuth.LICENSE, file(BasicAuth.LICENSE_KEY, LICENSE_PATH)));
    }
    return sources;
  }

  private static VolumeProjectionArgs secret(String name, KeyToPathArgs... items) {
    return VolumeProjectionArgs.builder()
        .secret(SecretProjectionArgs.builder().name(name).items(items).build())
        .build();
  }

  private static KeyToPathArgs file(String key, String path) {
    return KeyToPathArgs.builder().key(key).path(path).build();
  }

  private static VolumeArgs projected(String name, List<VolumeProjectionArgs> sources) {
    return VolumeArgs.builder()
        .name(name)
        .projected(
            ProjectedVolumeSourceArgs.builder()
                .defaultMode(GROUP_READABLE)
                .sources(sources)
                .build())
        .build();
  }
}
