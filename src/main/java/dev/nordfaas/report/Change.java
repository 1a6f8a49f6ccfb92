package dev.nordfaas.report;

import java.util.List;
import java.util.Optional;

/**
 * What the engine would do to one resource. It has no values of properties: some are secret.
 *
 * @param operation what
 * @param type its type, as the engine has it
 * @param name its name
 * @param component the component that it belongs to
 * @param because the properties that make it a replacement
 * @param restart what its pods, or K3s, would do
 * @param unknown how many of its inputs are not known yet
 */
record Change(
    Operation operation,
    String type,
    String name,
    Component component,
    List<String> because,
    Optional<Restart> restart,
    int unknown) {
  Change {
    because = List.copyOf(because);
  }

  /** The type without its package: {@code apps/v1:Deployment}. */
  String shortType() {
    return type.substring(type.indexOf(':') + 1);
  }

  /**
   * The outermost component that a resource is in.
   *
   * @param type such as {@code NatsJetStream}
   * @param name its name
   */
  record Component(String type, String name) {
    /** What belongs to none. */
    static final Component NONE = new Component("none", "");

    @Override
    public String toString() {
      return name.isEmpty() ? type : type + " " + name;
    }
  }
}
