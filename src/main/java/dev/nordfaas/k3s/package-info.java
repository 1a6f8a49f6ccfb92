/** What a K3s node is made of: config file and install script. */
@NullMarked
package dev.nordfaas.k3s;

import org.jspecify.annotations.NullMarked;
