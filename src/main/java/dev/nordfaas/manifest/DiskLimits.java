package dev.nordfaas.manifest;

import com.pulumi.kubernetes.core.v1.LimitRangeArgs;
import com.pulumi.kubernetes.core.v1.inputs.LimitRangeItemArgs;
import com.pulumi.kubernetes.core.v1.inputs.LimitRangeSpecArgs;
import java.util.Map;

/**
 * What containers that say nothing about the node's disk get of it: those of functions that {@code
 * faas-cli} deploys, and of pods that operators or administrators create. Without a limit one of
 * them could fill the disk that etcd writes to.
 */
public final class DiskLimits {
  private static final String NAME = "disk";
  private static final String REQUEST = "64Mi";
  private static final String LIMIT = "1Gi";

  private DiskLimits() {}

  /** The defaults of a namespace. */
  public static LimitRangeArgs of(String namespace, Labels labels) {
    return LimitRangeArgs.builder()
        .metadata(Metadata.of(namespace, NAME, labels))
        .spec(
            LimitRangeSpecArgs.builder()
                .limits(
                    LimitRangeItemArgs.builder()
                        .type("Container")
                        .default_(Map.of(Requests.DISK, LIMIT))
                        .defaultRequest(Map.of(Requests.DISK, REQUEST))
                        .build())
                .build())
        .build();
  }
}
