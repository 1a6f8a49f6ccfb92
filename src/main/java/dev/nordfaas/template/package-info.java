/** The text files of {@code cloud-init/}: templates, and scripts that run on a node. */
@NullMarked
package dev.nordfaas.template;

import org.jspecify.annotations.NullMarked;
