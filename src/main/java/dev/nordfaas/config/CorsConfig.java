package dev.nordfaas.config;

import java.time.Duration;
import java.util.List;

/** What browsers let pages of other origins do with a route. */
public record CorsConfig(
    @Key(
            value =
                "Origins of the pages, each as browsers send it: scheme, host, and the port unless it is the scheme's own. No wildcards.",
            pattern = WebOrigin.PATTERN,
            hint = WebOrigin.HINT,
            notEmpty = true,
            example = "[https://app.example.no]")
        List<WebOrigin> origins,
    @Key(
            value = "Headers that these pages may send, besides those that any page may.",
            defaultValue = "[Authorization, Content-Type]",
            pattern = Patterns.HEADER,
            hint = Patterns.HEADER_HINT)
        List<String> headers,
    @Key(
            value =
                "Headers of the answers that these pages may read, besides those that any page may.",
            defaultValue = "[]",
            pattern = Patterns.HEADER,
            hint = Patterns.HEADER_HINT)
        List<String> exposedHeaders,
    @Key(
            value =
                "Whether the browser may add what it keeps for the user: cookies, a password, a client certificate. A header that the page sets itself, such as Authorization with a token, does not need it.",
            defaultValue = "false")
        boolean credentials,
    @Key(
            value = "How long browsers may keep the answer to a preflight, from 0s to 1d.",
            defaultValue = "10m")
        Duration maxAge) {}
