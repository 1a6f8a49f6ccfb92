/**
 * Building blocks of the Kubernetes objects of all components: labels, security contexts, policies.
 */
@NullMarked
package dev.nordfaas.manifest;

import org.jspecify.annotations.NullMarked;
