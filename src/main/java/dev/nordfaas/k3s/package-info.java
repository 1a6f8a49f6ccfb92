/** Builders for a K3s node: config files and the input of its scripts. */
@NullMarked
package dev.nordfaas.k3s;

import org.jspecify.annotations.NullMarked;
