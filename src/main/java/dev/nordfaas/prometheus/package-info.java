/** Builders for Prometheus, and its scrape targets. */
@NullMarked
package dev.nordfaas.prometheus;

import org.jspecify.annotations.NullMarked;
