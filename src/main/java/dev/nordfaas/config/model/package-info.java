/** Which keys there are and what each of them takes, as the records say it. */
@NullMarked
package dev.nordfaas.config.model;

import org.jspecify.annotations.NullMarked;
