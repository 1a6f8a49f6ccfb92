package dev.nordfaas.openfaas;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.EdgeConfig.RateLimit;
import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.config.OpenFaasConfig.GatewayConfig;
import dev.nordfaas.manifest.ServiceAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration of the edge, as a Caddyfile.
 *
 * <p>Paths are matched without regard to case and after {@code .} and {@code ..} are resolved; the
 * administration paths are looked at first. What no route names is 404.
 */
public final class Caddyfile {
  /** What the edge allows for on top of the gateway, so that the gateway's answer gets through. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private Caddyfile() {}

  /**
   * Writes the file.
   *
   * @param config TLS, administrators, body limit
   * @param domain DNS name of the only site
   * @param routes paths besides {@code /function/<name>}
   * @param gateway the gateway's timeouts, which the edge's have to exceed
   */
  public static String of(
      EdgeConfig config, String domain, EdgeRoutes routes, GatewayConfig gateway) {
    var text = new StringBuilder();
    text.append(global(config, gateway));
    text.append("\n").append(domain).append(" {\n");
    text.append(site(config));
    text.append("\troute {\n");
    config.rateLimit().ifPresent(limit -> text.append(rateLimit(limit, config)));
    text.append("\t\trequest_body {\n\t\t\tmax_size ")
        .append(config.maxRequestBody().bytes())
        .append("\n\t\t}\n\n");
    text.append(administration(config));
    routes.intake().forEach(path -> text.append(intake(path)));
    if (!routes.intake().isEmpty()) {
      text.append(intake(EdgePod.STATUS_PATH + "/*"));
    }
    text.append("\t\thandle /function/* {\n\t\t\timport gateway\n\t\t}\n");
    // The longer path first, where one begins with another.
    routes.functions().descendingMap().forEach((path, name) -> text.append(function(path, name)));
    text.append("\t\trespond 404\n\t}\n}\n");
    text.append(health());
    return text.toString();
  }

  private static String global(EdgeConfig config, GatewayConfig gateway) {
    var authority =
        config.tls() == Tls.ACME
            ? config.acmeEmail().map(email -> "\temail " + email + "\n").orElse("")
            : "\tskip_install_trust\n";
    return """
        {
        \tadmin off
        \tpersist_config off
        \tstorage file_system %s
        \thttp_port %d
        \thttps_port %d
        %s\tgrace_period %s
        \tservers {
        \t\tprotocols h1 h2
        \t\tmax_header_size 32KiB
        %s\t\ttimeouts {
        \t\t\tread_header 10s
        \t\t\tread_body %s
        \t\t\twrite %s
        \t\t\tidle 2m
        \t\t}
        \t}
        %s}

        (gateway) {
        \treverse_proxy %s {
        %s\t}
        }

        (intake) {
        \treverse_proxy %s {
        %s\t}
        }
        """
        .formatted(
            EdgePod.STORAGE_PATH,
            EdgePod.HTTP,
            EdgePod.HTTPS,
            authority,
            Durations.format(EdgePod.GRACE),
            trustedProxies(config),
            Durations.format(gateway.readTimeout()),
            // Counts from the end of the request's headers: body and answer both have to fit in.
            Durations.format(gateway.readTimeout().plus(gateway.writeTimeout()).plus(MARGIN)),
            log(),
            ServiceAddress.GATEWAY.hostPort(),
            upstream(gateway.writeTimeout().plus(MARGIN)),
            ServiceAddress.INTAKE.hostPort(),
            upstream(gateway.writeTimeout().plus(MARGIN)));
  }

  /** A new connection is tried again for a moment: a pod that just left costs no failed request. */
  private static String upstream(Duration responseHeader) {
    return """
        \t\tlb_try_duration 2s
        \t\ttransport http {
        \t\t\tdial_timeout 1s
        \t\t\tresponse_header_timeout %s
        \t\t\tkeepalive_idle_conns_per_host 256
        \t\t}
        """
        .formatted(Durations.format(responseHeader));
  }

  /**
   * Access and error log without personal data: no address, no header (cookies, credentials), no
   * user, no query string.
   */
  private static String log() {
    return """
        \tlog {
        \t\toutput stdout
        \t\tformat filter {
        \t\t\twrap json
        \t\t\trequest>remote_ip delete
        \t\t\trequest>remote_port delete
        \t\t\trequest>client_ip delete
        \t\t\trequest>headers delete
        \t\t\trequest>tls delete
        \t\t\trequest>uri regexp "[?].*$" ""
        \t\t\tresp_headers delete
        \t\t\tuser_id delete
        \t\t}
        \t}
        """;
  }

  private static String site(EdgeConfig config) {
    // A browser that remembers HSTS would not let anybody past a trial's own authority.
    var tls = config.tls() == Tls.ACME ? "" : "\ttls internal\n";
    var hsts =
        config.tls() == Tls.ACME ? "\t\tStrict-Transport-Security \"max-age=31536000\"\n" : "";
    return """
        %s\tlog
        \theader {
        %s\t\t?X-Content-Type-Options nosniff
        \t\t?X-Frame-Options DENY
        \t\t?Referrer-Policy no-referrer
        \t\t-Server
        \t\t-Via
        \t\tdefer
        \t}
        """
        .formatted(tls, hsts);
  }

  /** Strict: the last address in the header that is not a proxy's, as only proxies append to it. */
  private static String trustedProxies(EdgeConfig config) {
    return config.trustedProxies().isEmpty()
        ? ""
        : "\t\ttrusted_proxies static %s\n\t\ttrusted_proxies_strict\n"
            .formatted(joined(config.trustedProxies()));
  }

  /**
   * First of all, so that guesses of the password count as well. Whoever has an IPv6 address has
   * its whole /64; behind a proxy Caddy knows no prefix of the client's address.
   */
  private static String rateLimit(RateLimit limit, EdgeConfig config) {
    return """
        \t\trate_limit {
        \t\t\tzone client {
        \t\t\t\tkey %s
        \t\t\t\twindow %s
        \t\t\t\tevents %d
        \t\t\t}
        \t\t}

        """
        .formatted(
            config.trustedProxies().isEmpty() ? "{http.request.remote.host/32,64}" : "{client_ip}",
            Durations.format(limit.window()),
            limit.requests());
  }

  private static String joined(List<Cidr> cidrs) {
    return cidrs.stream().map(Cidr::text).collect(Collectors.joining(" "));
  }

  private static String administration(EdgeConfig config) {
    if (config.adminCidrs().isEmpty()) {
      return """
          \t\t@administration path /system /system/* /ui /ui/*
          \t\thandle @administration {
          \t\t\trespond 403
          \t\t}
          """;
    }
    return """
        \t\t@administration path /system /system/* /ui /ui/*
        \t\thandle @administration {
        \t\t\t@stranger not client_ip %s
        \t\t\troute {
        \t\t\t\trespond @stranger 403
        \t\t\t\timport gateway
        \t\t\t}
        \t\t}
        """
        .formatted(joined(config.adminCidrs()));
  }

  private static String intake(String path) {
    return "\t\thandle %s {\n\t\t\timport intake\n\t\t}\n".formatted(path);
  }

  /** Caddy sorts what stands in a handle, and would rewrite first; a route keeps the order. */
  private static String function(String path, String name) {
    var prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    var strip = prefix.isEmpty() ? "" : "\t\t\t\turi strip_prefix " + prefix + "\n";
    return """
        \t\t@function-%s path %s %s/*
        \t\thandle @function-%s {
        \t\t\troute {
        %s\t\t\t\trewrite * /function/%s{path}
        \t\t\t\timport gateway
        \t\t\t}
        \t\t}
        """
        .formatted(name, path, prefix, name, strip, name);
  }

  private static String health() {
    return """

        http://:%d {
        \trespond %s 200
        }
        """
        .formatted(EdgePod.HEALTH, EdgePod.HEALTH_PATH);
  }
}
