package dev.nordfaas.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The edge: TLS and routing in front of gateway, or functions, and intake. */
public record EdgeConfig(
    @Key(
            value = "Image of Caddy.",
            pattern = Patterns.IMAGE,
            hint = Patterns.IMAGE_HINT,
            defaultValue = "docker.io/library/caddy:2.11.2-alpine")
        String image,
    @Key(
            value =
                "Names of the nodes that datacenter.domain points to, on each of which the edge runs; required with several nodes. Several share their certificates, which needs a Caddy image with the module caddy.storage.kubernetes (images/caddy) unless tls is certificate. With one node the only node, if empty.",
            defaultValue = "[]",
            example = "[bergen-1, bergen-2]",
            renamedFrom =
                @Renamed(
                    from = "node",
                    since = "0.1",
                    until = "0.2",
                    shape = Renamed.Shape.ELEMENT))
        List<String> nodes,
    @Key(
            "Address for datacenter.domain that one of edge.nodes has at a time, and another takes over within five seconds. Without it the domain has the addresses of all nodes.")
        Optional<VirtualAddress> virtualAddress,
    @Key(
            value =
                "Where the certificate comes from: acme, a public authority; certificate, your own certificate; internal, the edge's own authority, for trials.",
            defaultValue = "acme")
        Tls tls,
    @Key(
            value = "E-mail address for the certificate authority; required with acme.",
            pattern = "[^@ ]+@[^@ ]+",
            hint = "an e-mail address, such as drift@example.no")
        Optional<String> acmeEmail,
    @Key(
            value =
                "Directory of another ACME authority, such as your organization's, or Let's Encrypt's for trials; with tls acme. Default: Caddy's, which is Let's Encrypt and, if that fails, ZeroSSL.",
            pattern = Patterns.HTTPS_URL,
            hint = "an https URL, such as https://ca.example.no/acme/directory")
        Optional<String> acmeDirectory,
    @Key(
            value =
                "PEM certificates of the authorities that issued acmeDirectory's own certificate. Default: those that the image trusts.",
            example = "-----BEGIN CERTIFICATE-----")
        Optional<String> acmeRoots,
    @Key(
            "Your own certificate for datacenter.domain; required with tls certificate, refused otherwise.")
        Optional<Certificate> certificate,
    @Key(
            value =
                "CIDRs that may reach the administration paths /system and /ui; empty: none. Not with openfaas.edition none, which has no administration.",
            defaultValue = "[]",
            pattern = Cidr.PATTERN,
            hint = Cidr.HINT)
        List<Cidr> adminCidrs,
    @Key(
            value =
                "CIDRs of load balancers in front of the edge whose X-Forwarded-For is trusted; empty: none.",
            defaultValue = "[]",
            pattern = Cidr.PATTERN,
            hint = Cidr.HINT)
        List<Cidr> trustedProxies,
    @Key(
            "Rate limit per client; needs a Caddy image with the module http.handlers.rate_limit (images/caddy).")
        Optional<RateLimit> rateLimit,
    @Key(
            value =
                "Who issues tokens, by name; an auth names them. Needs a Caddy image with the module http.handlers.caller (images/caddy).",
            defaultValue = "{}",
            keyPattern = Patterns.DNS_LABEL,
            keyHint = Patterns.DNS_LABEL_HINT)
        Map<String, IssuerConfig> issuers,
    @Key(
            value =
                "API keys by name, which is also the user's with auth.basic; an auth names them.",
            defaultValue = "{}",
            keyPattern = Patterns.DNS_LABEL,
            keyHint = Patterns.DNS_LABEL_HINT)
        Map<String, ApiKeyConfig> apiKeys,
    @Key(
            value = "Authorities of client certificates, by name; an auth.mtls names them.",
            defaultValue = "{}",
            keyPattern = Patterns.DNS_LABEL,
            keyHint = Patterns.DNS_LABEL_HINT)
        Map<String, AuthorityConfig> authorities,
    @Key(
            "Limit per caller, whatever their addresses, on all routes together whose auth is not public; each edge counts for itself.")
        Optional<CallerLimit> callerLimit,
    @Key(value = "Maximum size of a request body.", defaultValue = "1Mi") ByteSize maxRequestBody,
    @Key(
            value =
                "How long the edge waits. Each key follows from openfaas.gateway, or with openfaas.edition none from the functions' timeouts, unless it is given; 0s, which Caddy treats as no limit, is refused.",
            defaultValue = "{}")
        Timeouts timeouts,
    @Key(
            value = "Requests and limits of the edge.",
            defaultValue = "{requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}")
        ResourcesConfig resources) {

  /** How many pods the edge has: one on each of its nodes. */
  public int replicas() {
    return Math.max(1, nodes.size());
  }

  /** Whether there are several edges, whose certificates nobody else brings. */
  public boolean sharesCertificates() {
    return replicas() > 1 && tls != Tls.CERTIFICATE;
  }

  /** Rate limit per client, for all paths together. A client is an IPv4 address or an IPv6 /64. */
  public record RateLimit(
      @Key(
              value = "Requests per client within the window; more are answered with 429.",
              min = 1,
              max = 1_000_000,
              example = "1000")
          int requests,
      @Key(value = "Length of the sliding window.", defaultValue = "10s") Duration window) {}

  /** A certificate that is renewed elsewhere: the edge reads a changed one without a restart. */
  public record Certificate(
      @Key(
              value = "PEM certificates: the server's first, then the intermediates.",
              example = "-----BEGIN CERTIFICATE-----")
          String chain,
      @Key("Private key of the server's certificate, in PEM (secret).") SecretValue key) {}

  /** How long the edge waits; see {@code EdgeTimeouts} for the defaults. */
  public record Timeouts(
      @Key(
              value = "Longest time to read the headers of a request; at least 1s.",
              defaultValue = "10s")
          Duration readHeader,
      @Key(
              "Longest time to read the body of a request; at least 1s. Default: openfaas.gateway.readTimeout, or 65s with openfaas.edition none.")
          Optional<Duration> readBody,
      @Key(
              "Longest wait for gateway, function or intake to start its response; above openfaas.gateway.writeTimeout, so that the gateway's own response gets through. Default: 5s above it. With openfaas.edition none: above the longest timeout of the functions with http; default: 5s above it, and at least 35s.")
          Optional<Duration> response,
      @Key(
              "Longest time from the end of a request's headers to the end of the response; at least readBody and response together. Default: their sum.")
          Optional<Duration> write,
      @Key(
              value = "How long a connection may stay open without a request; at least 1s.",
              defaultValue = "1m")
          Duration idle) {}

  /** Where the certificate comes from. */
  public enum Tls {
    ACME,
    CERTIFICATE,
    INTERNAL
  }
}
