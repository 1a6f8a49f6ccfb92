package dev.nordfaas.lab;

import dev.nordfaas.manifest.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A function whose code somebody else has taken over: the pod of a function of the stack as the
 * cluster has it, with its labels, login, files and rights, but a Python that waits for orders. It
 * is never ready, so the function's Service sends it nothing.
 */
final class Attacker implements AutoCloseable {
  private static final String NAMESPACE = "--namespace=openfaas-fn";
  private static final String IMAGE = "lab.nordfaas.dev/vat:0.1.0";
  private static final JsonMapper JSON = new JsonMapper();

  /** Tries to connect to each {@code [address, port]} of its input and prints those that it did. */
  private static final String CONNECT =
      """
      import errno, json, select, socket, sys, time
      targets = json.loads(sys.argv[1])
      reached = []
      for begin in range(0, len(targets), 200):
          poll, waiting = select.poll(), {}
          for address, port in targets[begin:begin + 200]:
              client = socket.socket()
              client.setblocking(False)
              client.connect_ex((address, port))
              waiting[client.fileno()] = (client, address, port)
              poll.register(client, select.POLLOUT)
          end = time.time() + 2
          while waiting and time.time() < end:
              for file, _ in poll.poll(200):
                  client, address, port = waiting.pop(file)
                  poll.unregister(file)
                  if client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                      reached.append([address, port])
                  client.close()
          for client, _, _ in waiting.values():
              client.close()
      print(json.dumps(reached))
      """;

  private final String name = "attacker-" + UUID.randomUUID();

  /** Takes the place of a function. */
  Attacker(String function) {
    var template =
        JSON.readTree(Lab.kubectl(NAMESPACE, "get", "deployment", function, "--output=json"))
            .at("/spec/template")
            .deepCopy();
    var metadata = (ObjectNode) template.get("metadata");
    metadata.put("name", name);
    metadata.put("namespace", "openfaas-fn");
    var spec = (ObjectNode) template.get("spec");
    spec.put("terminationGracePeriodSeconds", 1);
    var container = (ObjectNode) spec.at("/containers/0");
    container.put("image", IMAGE);
    container.set(
        "command", JSON.valueToTree(List.of("python3.11", "-c", "import time; time.sleep(3600)")));
    container.remove(List.of("args", "startupProbe", "livenessProbe", "lifecycle"));
    container.set(
        "readinessProbe", JSON.valueToTree(Map.of("exec", Map.of("command", List.of("/never")))));
    var pod = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
    pod.set("metadata", metadata);
    pod.set("spec", spec);
    Lab.inVps("sh", "-c", "printf '%s' \"$1\" | kubectl apply --filename=-", "sh", pod.toString());
    Lab.kubectl(
        NAMESPACE,
        "wait",
        "pod/" + name,
        "--for=jsonpath={.status.containerStatuses[0].state.running}",
        "--timeout=120s");
  }

  String pod() {
    return name;
  }

  /** The pod as the cluster has it. */
  JsonNode spec() {
    return JSON.readTree(Lab.kubectl(NAMESPACE, "get", "pod", name, "--output=json")).get("spec");
  }

  /** What a script prints. */
  String python(String script, String... arguments) {
    var command =
        new ArrayList<>(List.of(NAMESPACE, "exec", name, "--", "python3.11", "-c", script));
    command.addAll(List.of(arguments));
    return Lab.kubectl(command.toArray(String[]::new));
  }

  /** Those of the addresses that accept a TCP connection. */
  List<Target> reaches(List<Target> targets) {
    var pairs = targets.stream().map(to -> List.of(to.address(), to.port())).toList();
    var reached = JSON.readTree(python(CONNECT, JSON.writeValueAsString(pairs)));
    return targets.stream()
        .filter(
            to -> {
              for (var pair : reached) {
                if (pair.get(0).stringValue().equals(to.address())
                    && pair.get(1).intValue() == to.port()) {
                  return true;
                }
              }
              return false;
            })
        .toList();
  }

  boolean reaches(Target target) {
    return !reaches(List.of(target)).isEmpty();
  }

  @Override
  public void close() {
    Lab.kubectl(NAMESPACE, "delete", "pod/" + name, "--now", "--wait=false");
  }

  /** Where one could connect to; {@code owner} is whose address it is. */
  record Target(String owner, String address, int port) {
    @Override
    public String toString() {
      return owner + ":" + port;
    }
  }

  /** {@code namespace/name} of the workload that a pod belongs to. */
  static String owner(JsonNode pod) {
    var labels = pod.at("/metadata/labels");
    var name = labels.path(Labels.NAME).stringValue("");
    return pod.at("/metadata/namespace").stringValue()
        + "/"
        + (name.isEmpty() ? pod.at("/metadata/name").stringValue() : name);
  }
}
