package dev.nordfaas.report;

import dev.nordfaas.plan.Plan;

/** What a stack is compared with. */
sealed interface Before {
  /** With nothing. */
  record Nothing() implements Before {}

  /** With the plan of an earlier config. */
  record Earlier(Plan plan) implements Before {}

  /** With an earlier config that this program does not accept. */
  record Unusable() implements Before {}
}
