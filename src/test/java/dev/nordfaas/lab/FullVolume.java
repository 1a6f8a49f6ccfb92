package dev.nordfaas.lab;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The volume of one pod of several, with little room, and then with none. As with {@link
 * SmallVolume} it is a tmpfs with the same files; while they change places, the pod waits for its
 * node, which is cordoned.
 */
final class FullVolume {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String ALL = "/var/lib/rancher/k3s/storage";

  private final String namespace;
  private final String pod;
  private final String node;
  private final String path;

  private FullVolume(String namespace, String pod, String node, String path) {
    this.namespace = namespace;
    this.pod = pod;
    this.node = node;
    this.path = path;
  }

  /**
   * Puts a small one in the place of the volume of a pod, which starts again.
   *
   * @param room MiB that are free
   */
  static FullVolume of(JsonNode pod, int room) {
    var volume = new FullVolume(Pods.namespace(pod), Pods.name(pod), Pods.node(pod), path(pod));
    volume.whileThePodIsAway(SmallVolume.SHRINK.formatted(room));
    return volume;
  }

  /** Writes until there is no room. */
  void fill() {
    script("dd if=/dev/zero of=\"$1/filler\" bs=1M 2>/dev/null || true");
  }

  /** Makes room again. */
  void empty() {
    script("rm -f \"$1/filler\"");
  }

  /** Brings the files back to where they belong. */
  void putBack() {
    empty();
    whileThePodIsAway(SmallVolume.RESTORE);
  }

  /** Volumes that a run which was killed has left in another's place, on any node. */
  static List<String> leftBehind() {
    return ThreeServers.NAMES.stream()
        .flatMap(
            node ->
                Lab.inVpsOf(node, "sh", "-c", "ls -d " + ALL + "/*.real 2>/dev/null || true")
                    .output()
                    .lines()
                    .map(path -> node + ": " + path))
        .toList();
  }

  private void whileThePodIsAway(String script) {
    Lab.kubectl("cordon", node);
    try {
      Lab.kubectl("--namespace=" + namespace, "delete", "pod", pod, "--timeout=180s");
      script(script);
    } finally {
      Lab.kubectl("uncordon", node);
    }
    Lab.eventually(PATIENCE, this::isReady, ready -> ready);
  }

  private boolean isReady() {
    var found =
        Lab.run(
            "lab/shell", "kubectl", "--namespace=" + namespace, "get", "pod", pod, "--output=json");
    return found.exitCode() == 0 && Pods.isReady(new JsonMapper().readTree(found.output()));
  }

  private void script(String script) {
    Lab.inVpsOf(node, "sh", "-euc", script, "sh", path).ok();
  }

  /** The folder on the node. */
  private static String path(JsonNode pod) {
    var claim =
        claims(pod)
            .findFirst()
            .orElseThrow(() -> new AssertionError(Pods.name(pod) + " has no volume"));
    var name =
        Lab.kubectl(
            "--namespace=" + Pods.namespace(pod),
            "get",
            "persistentvolumeclaim",
            claim,
            "--output=jsonpath={.spec.volumeName}");
    return Lab.kubectl(
        "get",
        "persistentvolume",
        name,
        "--output=jsonpath={.spec.hostPath.path}{.spec.local.path}");
  }

  private static Stream<String> claims(JsonNode pod) {
    return pod.at("/spec/volumes")
        .valueStream()
        .map(volume -> volume.at("/persistentVolumeClaim/claimName").stringValue(""))
        .filter(name -> !name.isEmpty());
  }
}
