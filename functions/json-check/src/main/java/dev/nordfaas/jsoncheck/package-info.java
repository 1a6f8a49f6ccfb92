/**
 * The one check of a JSON body: by intake before it answers 202, and by a function before it
 * processes the same bytes. Both compile these sources, so what one takes the other takes.
 */
@NullMarked
package dev.nordfaas.jsoncheck;

import org.jspecify.annotations.NullMarked;
