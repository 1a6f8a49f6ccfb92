package dev.nordfaas.queueworker.intake;

import dev.nordfaas.queueworker.config.Route;
import dev.nordfaas.queueworker.nats.Publisher;

/**
 * A route, ready to take requests.
 *
 * @param route what the environment says
 * @param check what its bodies have to pass
 * @param publisher what stores them
 */
record Endpoint(Route route, BodyCheck check, Publisher publisher) {}
