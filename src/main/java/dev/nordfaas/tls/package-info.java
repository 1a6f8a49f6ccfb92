/** Keys and certificates of TLS inside the cluster. */
@NullMarked
package dev.nordfaas.tls;

import org.jspecify.annotations.NullMarked;
