package dev.nordfaas.edge;

import dev.nordfaas.config.Cidr;
import dev.nordfaas.config.DomainName;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.EdgeConfig.RateLimit;
import dev.nordfaas.config.EdgeConfig.Tls;
import dev.nordfaas.edge.EdgeRoutes.FunctionRoute;
import dev.nordfaas.edge.EdgeRoutes.IntakeRoute;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.ServiceAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The configuration of the edge, as a Caddyfile.
 *
 * <p>Paths are matched case-insensitively, after {@code .} and {@code ..} have been resolved; the
 * administration paths come first. Paths without a route are 404.
 *
 * <p>The file contains its own version, a checksum of it and of the files next to it, which tells
 * whether the edge has read it.
 */
public final class Caddyfile {
  /**
   * A segment {@code .} or {@code ..}, a backslash or control character, or anything that is still
   * encoded after decoding: the gateway decodes twice, and would see another path than the edge.
   */
  private static final String ODD_PATH =
      "(?i)(^|/)[.][.]?(/|;|$)|%[0-9a-f]{2}|[\\\\\\x00-\\x1f\\x7f]";

  /**
   * The gateway decodes a path and reads the result as a URL: {@code %3F} would become a query,
   * {@code %23} cut the path off, and {@code %25} end in a nil pointer (buildUpstreamRequest in its
   * handlers/forwarding_proxy.go). Escaped once more, the function gets what the client wrote.
   */
  private static final String ESCAPED_FOR_GATEWAY = "\t\t\t\turi path_regexp % %25\n";

  /**
   * Requests to the gateway, to a pod of a function, or to intake that are not answered yet; more
   * get 503 after a moment.
   */
  static final int MAX_IN_FLIGHT = 1024;

  /** How long the addresses of a function's pods are used before the name server is asked again. */
  private static final Duration ASKED_AGAIN = Duration.ofSeconds(2);

  /** The same while the name server does not answer. */
  private static final Duration ASKED_AGAIN_IN_VAIN = Duration.ofSeconds(30);

  /**
   * A body that is sent again has been kept, whole: those of at most four digits of bytes are. A
   * body is kept before its request counts as one in flight, so it must not be much.
   */
  private static final int KEPT_BODY = 10_000;

  private static final SortedSet<String> POST = new TreeSet<>(List.of("POST"));
  private static final SortedSet<String> READ = new TreeSet<>(List.of("GET", "HEAD"));

  /** Placeholder of the version until everything else is written. */
  private static final String VERSION = "<version>";

  private static final Pattern VERSION_LINE = Pattern.compile(versionLine("([0-9a-f]+)"));

  private Caddyfile() {}

  /**
   * Writes the file.
   *
   * @param config TLS, administrators, limits, timeouts
   * @param domain DNS name of the only site
   * @param routes what it serves
   * @param timeouts how long it waits
   */
  public static String of(
      EdgeConfig config, DomainName domain, EdgeRoutes routes, EdgeTimeouts timeouts) {
    var text = new StringBuilder();
    var calls = routes.calls();
    text.append(global(config, timeouts, calls, callers(config, domain, routes)));
    text.append("\n").append(domain.text()).append(" {\n");
    text.append(site(config, domain, routes));
    text.append("\troute {\n");
    text.append(forgedHeaders());
    config.rateLimit().ifPresent(limit -> text.append(rateLimit(limit, config)));
    text.append("\t\trequest_body {\n\t\t\tmax_size ")
        .append(config.maxRequestBody().bytes())
        .append("\n\t\t}\n\n");
    text.append(oddPaths());
    if (calls == CallPath.GATEWAY) {
      text.append(administration(config));
    }
    routes.intake().forEach(route -> text.append(intake(route)));
    if (!routes.intake().isEmpty()) {
      text.append(status(routes));
    }
    routes
        .functions()
        .forEach(route -> text.append(function("function", route.ownPath(), route, calls)));
    text.append("\t\t@functions path /function /function/*\n");
    text.append("\t\thandle @functions {\n\t\t\trespond 404\n\t\t}\n");
    paths(routes).forEach(own -> text.append(function(own.kind(), own.path(), own.route(), calls)));
    text.append("\t\trespond 404\n\t}\n}\n");
    text.append(health(calls));
    var files =
        config.certificate().map(EdgeConfig.Certificate::chain).orElse("")
            + config.acmeRoots().orElse("")
            + String.join("", Callers.files(config).values());
    return text.toString().replace(VERSION, Checksums.of(text + files));
  }

  /** The same file with a version of its own for each checksum of the API keys. */
  public static String withKeys(String caddyfile, String checksum) {
    var version = version(caddyfile);
    return caddyfile.replace(versionLine(version), versionLine(Checksums.of(version + checksum)));
  }

  private static String versionLine(String version) {
    return "\trespond %s %s\n".formatted(EdgePod.VERSION_PATH, version);
  }

  /** The version that an edge with this file reports. */
  static String version(String caddyfile) {
    var matcher = VERSION_LINE.matcher(caddyfile);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no version in the Caddyfile");
    }
    return matcher.group(1);
  }

  private static String callers(EdgeConfig config, DomainName domain, EdgeRoutes routes) {
    return routes.areChecked() ? Callers.global(config, domain) : "";
  }

  private static String global(
      EdgeConfig config, EdgeTimeouts timeouts, CallPath calls, String callers) {
    return """
    {
    \tadmin unix/%s
    \tpersist_config off
    \tstorage %s
    \thttp_port %d
    \thttps_port %d
    %s\tgrace_period %s
    %s\tservers {
    \t\tprotocols h1 h2
    \t\tmax_header_size 32KiB
    %s\t\ttimeouts {
    \t\t\tread_header %s
    \t\t\tread_body %s
    \t\t\twrite %s
    \t\t\tidle %s
    \t\t}
    \t}
    %s%s}

    %s
    (intake) {
    \treverse_proxy %s {
    \t\theader_up Nordfaas-Client-Ip {client_ip}
    %s%s\t}
    }
    """
        .formatted(
            EdgePod.ADMIN_SOCKET,
            storage(config),
            EdgePod.HTTP,
            EdgePod.HTTPS,
            certificates(config),
            Durations.format(EdgePod.GRACE),
            calls == CallPath.DIRECT ? "\tmetrics\n" : "",
            trustedProxies(config),
            Durations.format(timeouts.readHeader()),
            Durations.format(timeouts.readBody()),
            Durations.format(timeouts.write()),
            Durations.format(timeouts.idle()),
            log(),
            callers,
            calls == CallPath.GATEWAY
                ? gateway(timeouts.response())
                : functions(timeouts.response()),
            ServiceAddress.INTAKE.hostPort(),
            sentAgain(),
            upstream(timeouts.response()));
  }

  private static String gateway(Duration response) {
    return """
    (gateway) {
    \treverse_proxy %s {
    %s\t}
    }
    """
        .formatted(ServiceAddress.GATEWAY.hostPort(), upstream(response));
  }

  /**
   * The functions' ready pods, each by its own address, one at random for each request: connections
   * that are kept open would otherwise stay with the pods that there were when they were opened,
   * and break when those end.
   *
   * <p>Caddy counts and times requests where a route begins, so this is a route of its own. Its
   * option {@code per_host} would count any number of hosts: what a client writes as a port, too.
   */
  private static String functions(Duration response) {
    return """
    (function) {
    \tvars function {args[0]}
    \tinvoke call
    }

    &(call) {
    \treverse_proxy {
    \t\tdynamic srv {
    \t\t\tservice http
    \t\t\tproto tcp
    \t\t\tname {vars.function}%s.%s.svc.cluster.local.
    \t\t\trefresh %s
    \t\t\tgrace_period %s
    \t\t}
    %s\t}
    }
    """
        .formatted(
            ServiceAddress.PODS_ENDING,
            Namespaces.FUNCTIONS,
            Durations.format(ASKED_AGAIN),
            Durations.format(ASKED_AGAIN_IN_VAIN),
            upstream(response));
  }

  /** Several edges share the Kubernetes API; the Job that checks the file has no access to it. */
  private static String storage(EdgeConfig config) {
    return config.sharesCertificates()
        ? "{$%s:kubernetes %s}".formatted(EdgeJob.STORAGE_VARIABLE, EdgePod.COPIES_PATH)
        : EdgeJob.FILES;
  }

  private static String certificates(EdgeConfig config) {
    return switch (config.tls()) {
      case ACME -> authority(config);
      // No policy lets the edge out, neither to an authority nor to its answers for stapling.
      case CERTIFICATE -> "\tauto_https disable_certs\n\tocsp_stapling off\n";
      case INTERNAL -> "\tskip_install_trust\n";
    };
  }

  private static String authority(EdgeConfig config) {
    var text = new StringBuilder();
    config.acmeEmail().ifPresent(email -> text.append("\temail ").append(email).append("\n"));
    config.acmeDirectory().ifPresent(url -> text.append("\tacme_ca ").append(url).append("\n"));
    config
        .acmeRoots()
        .ifPresent(
            roots ->
                text.append(
                    "\tacme_ca_root %s/%s\n"
                        .formatted(EdgePod.CONFIG_PATH, EdgeManifests.ACME_ROOTS_FILE)));
    return text.toString();
  }

  /**
   * New connections are retried for a moment, so that no request fails because a pod has just left,
   * or because network policies do not let a new edge through yet. Requests in flight take memory,
   * and HTTP/2 lets one connection have hundreds: they are limited, for gateway and intake apart,
   * so that calls of functions cannot keep orders out. As many connections are kept, as with 500
   * clients and 256 of them one order in five opened a connection of its own.
   */
  private static String upstream(Duration responseHeader) {
    return """
    \t\tlb_try_duration 4s
    \t\tunhealthy_request_count %d
    \t\ttransport http {
    \t\t\tdial_timeout 1s
    \t\t\tresponse_header_timeout %s
    \t\t\tkeepalive_idle_conns_per_host %d
    \t\t}
    """
        .formatted(MAX_IN_FLIGHT, Durations.format(responseHeader), MAX_IN_FLIGHT);
  }

  /**
   * A connection that breaks before the answer, as when a pod of intake dies: the request may have
   * been stored, and is sent again where that makes no difference. With a key of the client's,
   * intake stores it once. Without one it would be stored twice.
   */
  private static String sentAgain() {
    return """
    \t\trequest_buffers %d
    \t\tlb_retry_match {
    \t\t\tmethod GET HEAD
    \t\t}
    \t\tlb_retry_match {
    \t\t\tmethod POST
    \t\t\theader Idempotency-Key *
    \t\t\theader_regexp Content-Length `^[0-9]{1,4}$`
    \t\t}
    """
        .formatted(KEPT_BODY);
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

  private static String site(EdgeConfig config, DomainName domain, EdgeRoutes routes) {
    // A browser that remembers HSTS allows no exceptions: neither for a trial's own authority, nor
    // once the private authority of an internal name is replaced.
    var hsts =
        config.tls() == Tls.INTERNAL || domain.whyNotPublic().isPresent()
            ? ""
            : "\t\tStrict-Transport-Security \"max-age=31536000\"\n";
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
        .formatted(tls(config, routes), hsts);
  }

  private static String tls(EdgeConfig config, EdgeRoutes routes) {
    var source =
        switch (config.tls()) {
          case ACME -> "";
          case CERTIFICATE ->
              " %1$s/%2$s %1$s/%3$s"
                  .formatted(
                      EdgePod.CONFIG_PATH,
                      EdgeManifests.CERTIFICATE_FILE,
                      EdgeManifests.PRIVATE_KEY_FILE);
          case INTERNAL -> " internal";
        };
    if (routes.takeCertificates()) {
      return "\ttls%s {\n%s\t}\n".formatted(source, clientCertificates(config));
    }
    return source.isEmpty() ? "" : "\ttls%s\n".formatted(source);
  }

  /**
   * Clients are asked for a certificate of these authorities, and may have none: what it has to be,
   * each route says.
   */
  private static String clientCertificates(EdgeConfig config) {
    return """
    \t\tclient_auth {
    \t\t\tmode request
    \t\t\ttrust_pool file %s
    \t\t}
    """
        .formatted(Callers.authorities(config));
  }

  /**
   * What the edge tells intake and functions no client can tell them, whichever way its name is
   * written: some frameworks read {@code _} as {@code -}. Nor in a tunnel: behind an upgrade to
   * another HTTP, such as {@code h2c}, there are requests that the edge does not see.
   */
  private static String forgedHeaders() {
    return """
    \t\trequest_header -Nordfaas-*
    \t\trequest_header -Nordfaas_*
    \t\t@tunnel not vars_regexp {http.request.header.Upgrade} `(?i)^websocket$`
    \t\trequest_header @tunnel -Upgrade

    """;
  }

  /** Strict: the last address in the header that is not a proxy's, as only proxies append to it. */
  private static String trustedProxies(EdgeConfig config) {
    return config.trustedProxies().isEmpty()
        ? ""
        : "\t\ttrusted_proxies static %s\n\t\ttrusted_proxies_strict\n"
            .formatted(joined(config.trustedProxies()));
  }

  /**
   * Comes first, so that password guesses count as well. An IPv6 client usually has a whole /64;
   * behind a proxy Caddy has no prefix of the client's address.
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

  /**
   * Browsers and libraries send none of these. Caddy would match such a path after resolving it,
   * and pass it on unresolved.
   */
  private static String oddPaths() {
    return """
    \t\t@odd vars_regexp {http.request.uri.path} `%s`
    \t\trespond @odd 400

    """
        .formatted(ODD_PATH);
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

  private static String intake(IntakeRoute route) {
    return intake(
        route.path(), Cors.directives(route.cors().stream().toList(), POST), route.access());
  }

  /** Who may send requests from a browser may read their status there. */
  private static String status(EdgeRoutes routes) {
    var cors = routes.intake().stream().map(IntakeRoute::cors).flatMap(Optional::stream).distinct();
    return intake(
        EdgePod.STATUS_PATH + "/*", Cors.directives(cors.toList(), READ), routes.status());
  }

  private static String intake(String path, String cors, Access access) {
    // Before the credential is looked at: a browser sends none with a preflight.
    var before = cors + Callers.directive(access);
    return before.isEmpty()
        ? "\t\thandle %s {\n\t\t\timport intake\n\t\t}\n".formatted(path)
        : """
        \t\thandle %s {
        \t\t\troute {
        %s\t\t\t\timport intake
        \t\t\t}
        \t\t}
        """
            .formatted(path, before);
  }

  /**
   * A path of a function's own.
   *
   * @param kind names its matcher, with the function's name: {@code path}, {@code path-2}, ...; a
   *     name does not begin with a digit
   */
  private record OwnPath(String kind, String path, FunctionRoute route) {}

  /** The functions' paths of their own, the longer first, if one is a prefix of the other. */
  private static SortedSet<OwnPath> paths(EdgeRoutes routes) {
    var paths =
        new TreeSet<OwnPath>(
            Comparator.comparing((OwnPath own) -> own.path().toLowerCase(Locale.ROOT)).reversed());
    for (var route : routes.functions()) {
      for (var i = 0; i < route.paths().size(); i++) {
        var kind = i == 0 ? "path" : "path-" + (i + 1);
        paths.add(new OwnPath(kind, route.paths().get(i), route));
      }
    }
    return paths;
  }

  /**
   * A path of a function. Whatever it is, the gateway gets the function's own path and the rest,
   * and the function gets the rest.
   *
   * <p>Caddy sorts the directives in a handle, and would rewrite first; a route keeps the order.
   *
   * @param kind what the path is to the function; with the name it names the matcher
   */
  private static String function(String kind, String path, FunctionRoute route, CallPath calls) {
    var prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    // Not rewrite with {path}, which some versions of Caddy decode twice.
    var strip = prefix.isEmpty() ? "" : "\t\t\t\turi strip_prefix " + prefix + "\n";
    var own = calls == CallPath.GATEWAY ? route.ownPath() : "";
    var prepend = own.isEmpty() ? "" : "\t\t\t\turi path_regexp ^ " + own + "\n";
    var escape = own.isEmpty() ? "" : ESCAPED_FOR_GATEWAY;
    var methods = route.methods();
    return """
    \t\t@%1$s-%2$s path %3$s %4$s/*
    \t\thandle @%1$s-%2$s {
    \t\t\troute {
    %5$s%6$s\t\t\t\t@readiness path_regexp `%7$s`
    \t\t\t\trespond @readiness 404
    %8$s%9$s%13$s\t\t\t\t@method not method %10$s
    \t\t\t\theader @method Allow "%11$s"
    \t\t\t\trespond @method 405
    %14$s\t\t\t\timport %12$s
    \t\t\t}
    \t\t}
    """
        .formatted(
            kind,
            route.name(),
            path,
            prefix,
            strip,
            prepend,
            readiness(route, own),
            outside(route, own),
            Cors.directives(route.cors().stream().toList(), methods),
            String.join(" ", methods),
            String.join(", ", methods),
            own.isEmpty() ? "function " + route.name() : "gateway",
            Callers.directive(route.access()),
            escape);
  }

  /**
   * The paths for the function's node: {@code /_} and everything below, as OpenFaaS' watchdog has
   * them, and the function's readiness path, unless that is the root. A question mark or a hash can
   * only be an encoded one here; the gateway would cut the path off there.
   */
  private static String readiness(FunctionRoute route, String prefix) {
    var own = route.readinessPath();
    var paths =
        own.startsWith("/_/") || own.equals("/")
            ? "_"
            : "_|" + own.substring(1).replace(".", "[.]").replaceAll("/$", "");
    return "(?i)^%s/(%s)([/;?#]|$)".formatted(prefix, paths);
  }

  /**
   * Refuses what is not below the prefix. What is passed on is compared as it is, not as Caddy
   * reads it: a function may take {@code //v1/x}, {@code /V1/x} or {@code /v1%2fx} for another path
   * than Caddy does.
   */
  private static String outside(FunctionRoute route, String own) {
    return route.pathPrefix().equals("/")
        ? ""
        : """
        \t\t\t\t@outside not vars_regexp {http.request.uri} `^%s%s([/?]|$)`
        \t\t\t\trespond @outside 404
        """
            .formatted(own, route.pathPrefix().replace(".", "[.]"));
  }

  private static String health(CallPath calls) {
    return """

    http://:%d {
    \trespond %s 200
    \trespond %s %s
    %s}
    """
        .formatted(
            EdgePod.HEALTH,
            EdgePod.HEALTH_PATH,
            EdgePod.VERSION_PATH,
            VERSION,
            calls == CallPath.DIRECT ? "\tmetrics /metrics\n" : "");
  }
}
