package dev.nordfaas.postgres.cluster;

import java.util.List;
import java.util.Map;

/**
 * The spec of CloudNativePG's {@code Pooler}, as far as nordfaas uses it; the components are its
 * fields.
 */
record PoolerSpec(
    ClusterSpec.NameReference cluster,
    String type,
    int instances,
    PgBouncer pgbouncer,
    Template template,
    ServiceTemplate serviceTemplate) {

  record PgBouncer(
      String image,
      String poolMode,
      String authQuery,
      ClusterSpec.NameReference authQuerySecret,
      ClusterSpec.NameReference clientTLSSecret,
      Map<String, String> parameters,
      List<String> pg_hba) {}

  record Template(Metadata metadata, PodSpec spec) {}

  record Metadata(Map<String, String> annotations) {}

  record PodSpec(
      String priorityClassName,
      List<Container> containers,
      List<TopologySpread> topologySpreadConstraints) {}

  record Container(String name, ClusterSpec.Resources resources) {}

  record TopologySpread(
      int maxSkew, String topologyKey, String whenUnsatisfiable, LabelSelector labelSelector) {}

  record LabelSelector(Map<String, String> matchLabels) {}

  record ServiceTemplate(ServiceSpec spec) {}

  record ServiceSpec(List<ServicePort> ports) {}

  record ServicePort(String name, int port, String targetPort, String protocol) {}
}
