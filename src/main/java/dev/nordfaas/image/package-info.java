/** What {@code tools/function} asks of a stack's config: its nodes over SSH, and its images. */
@NullMarked
package dev.nordfaas.image;

import org.jspecify.annotations.NullMarked;
