/** What the Kubernetes objects of all components share: labels, security contexts, policies. */
@NullMarked
package dev.nordfaas.manifest;

import org.jspecify.annotations.NullMarked;
