package dev.nordfaas.queueworker.intake;

import dev.nordfaas.queueworker.nats.IdempotencyKeys;
import dev.nordfaas.queueworker.nats.StatusWriter;
import io.vertx.core.Context;

/**
 * What all submissions share.
 *
 * @param context their event loop
 * @param admission admits them
 * @param metrics counts them
 * @param status publishes their status
 * @param keys tells which request a key belongs to
 * @param large checks large bodies
 */
record SubmissionContext(
    Context context,
    Admission admission,
    IntakeMetrics metrics,
    StatusWriter status,
    IdempotencyKeys keys,
    LargeBodies large) {}
