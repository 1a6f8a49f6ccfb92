/** Builders for a tuned host: sysctl profile, cloud-init user-data, files. */
@NullMarked
package dev.nordfaas.host;

import org.jspecify.annotations.NullMarked;
