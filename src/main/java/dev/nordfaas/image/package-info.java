/**
 * What {@code tools/function} needs from a stack's config: SSH access to its nodes, and its images.
 */
@NullMarked
package dev.nordfaas.image;

import org.jspecify.annotations.NullMarked;
