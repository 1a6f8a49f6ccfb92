/**
 * Typed bindings of custom resources, for which the Kubernetes provider's Java package has none.
 */
@NullMarked
package dev.nordfaas.customresource;

import org.jspecify.annotations.NullMarked;
