package dev.nordfaas.queueworker.intake;

import dev.nordfaas.jsoncheck.JsonCheck;
import dev.nordfaas.queueworker.config.Route;
import dev.nordfaas.queueworker.nats.Publisher;

/**
 * A route, ready to accept requests.
 *
 * @param route its settings from the environment
 * @param check the check of its bodies
 * @param publisher what stores them
 */
record Endpoint(Route route, JsonCheck check, Publisher publisher) {}
