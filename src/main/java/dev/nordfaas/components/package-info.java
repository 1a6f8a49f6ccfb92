/** The public component resources and their Args. */
@NullMarked
package dev.nordfaas.components;

import org.jspecify.annotations.NullMarked;
