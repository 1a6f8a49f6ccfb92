/** The stack config as typed records, with what each key means, and the types of its values. */
@NullMarked
package dev.nordfaas.config;

import org.jspecify.annotations.NullMarked;
