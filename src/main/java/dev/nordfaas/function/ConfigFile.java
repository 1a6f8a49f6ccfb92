package dev.nordfaas.function;

import com.pulumi.core.Output;

/**
 * A file that the pod reads from its own ConfigMap.
 *
 * @param configMap name of the ConfigMap
 * @param folder where it is mounted
 * @param file name of the file, the ConfigMap's key
 * @param content its content
 */
public record ConfigFile(String configMap, String folder, String file, Output<String> content) {}
