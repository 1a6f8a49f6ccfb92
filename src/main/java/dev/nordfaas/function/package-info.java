/** What a function workload is made of. */
@NullMarked
package dev.nordfaas.function;

import org.jspecify.annotations.NullMarked;
