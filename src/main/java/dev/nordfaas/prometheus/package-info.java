/** What Prometheus is made of, and what it reads. */
@NullMarked
package dev.nordfaas.prometheus;

import org.jspecify.annotations.NullMarked;
