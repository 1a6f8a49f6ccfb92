/** Whether a stack's hosts are what its config says, before anything of them is touched. */
@NullMarked
package dev.nordfaas.doctor;

import org.jspecify.annotations.NullMarked;
