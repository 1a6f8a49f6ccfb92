package dev.nordfaas.function;

import com.pulumi.core.Output;
import java.util.Map;

/**
 * Files that the pod reads from its own Secret, where OpenFaaS puts them.
 *
 * @param secret name of the Secret
 * @param content content of each file, by its name; a secret
 * @param checksum plain text that changes with the content, and reveals nothing about it
 */
public record SecretFiles(
    String secret, Output<Map<String, String>> content, Output<String> checksum) {
  /** Where OpenFaaS mounts the secrets of a function. */
  static final String FOLDER = "/var/openfaas/secrets";
}
