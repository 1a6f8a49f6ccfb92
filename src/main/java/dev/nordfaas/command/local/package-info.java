/** Commands that run where Pulumi runs. */
@NullMarked
package dev.nordfaas.command.local;

import org.jspecify.annotations.NullMarked;
