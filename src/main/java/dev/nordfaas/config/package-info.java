/** The stack config as typed records, with the meaning of each key, and the types of its values. */
@NullMarked
package dev.nordfaas.config;

import org.jspecify.annotations.NullMarked;
