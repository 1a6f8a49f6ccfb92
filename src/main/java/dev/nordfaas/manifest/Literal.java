package dev.nordfaas.manifest;

/**
 * Text that stays as it is where the kubelet expands references.
 *
 * <p>It replaces {@code $(NAME)} with the value of an earlier variable of the container, and {@code
 * $$} with {@code $}, also where no name follows; any other {@code $} stays (Kubernetes v1.34,
 * {@code third_party/forked/golang/expansion}).
 */
final class Literal {
  private Literal() {}

  static String of(String text) {
    return text.replace("$", "$$");
  }
}
