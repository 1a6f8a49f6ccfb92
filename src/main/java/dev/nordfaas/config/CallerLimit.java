package dev.nordfaas.config;

import java.time.Duration;
import java.util.Optional;

/** What one caller may send within a window; what exceeds it is answered with 429. */
public record CallerLimit(
    @Key(
            value = "Requests within the window; unlimited by default.",
            min = 1,
            max = 1_000_000,
            example = "1000")
        Optional<Integer> requests,
    @Key(
            value =
                "Bytes of bodies within the window, at least edge.maxRequestBody; unlimited by default.",
            example = "64Mi")
        Optional<ByteSize> bytes,
    @Key(
            value = "Requests at a time; unlimited by default.",
            min = 1,
            max = 100_000,
            example = "50")
        Optional<Integer> inFlight,
    @Key(value = "Length of the window, from 1s to 1h.", defaultValue = "10s") Duration window) {}
