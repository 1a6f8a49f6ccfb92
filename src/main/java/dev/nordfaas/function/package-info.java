/** Builders for function workloads: functions, workers, schedules and the intake. */
@NullMarked
package dev.nordfaas.function;

import org.jspecify.annotations.NullMarked;
