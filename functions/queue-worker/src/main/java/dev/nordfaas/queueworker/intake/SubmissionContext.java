package dev.nordfaas.queueworker.intake;

import dev.nordfaas.queueworker.nats.StatusWriter;
import io.vertx.core.Context;

/**
 * What all submissions share.
 *
 * @param context the event loop that they live on
 * @param admission lets them in
 * @param metrics counts them
 * @param status tells how far they are
 */
record SubmissionContext(
    Context context, Admission admission, IntakeMetrics metrics, StatusWriter status) {}
