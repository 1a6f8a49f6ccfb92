/** The worked example of a function: writes each order once, and reads it back. */
@NullMarked
package dev.nordfaas.orderprocessor;

import org.jspecify.annotations.NullMarked;
