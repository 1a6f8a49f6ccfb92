/** What both roles answer over HTTP: probes, metrics, JSON. */
@NullMarked
package dev.nordfaas.queueworker.http;

import org.jspecify.annotations.NullMarked;
