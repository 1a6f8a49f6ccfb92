/** The stack config: typed records, their loader, and the reference generated from them. */
@NullMarked
package dev.nordfaas.config;

import org.jspecify.annotations.NullMarked;
