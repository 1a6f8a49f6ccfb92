/** Renders the program to plain files without an engine. */
@NullMarked
package dev.nordfaas.render;

import org.jspecify.annotations.NullMarked;
