/** The model of the stack config, derived from the records: its keys and their types. */
@NullMarked
package dev.nordfaas.config.model;

import org.jspecify.annotations.NullMarked;
