package dev.nordfaas.components;

import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.config.DomainName;
import dev.nordfaas.config.EdgeConfig;
import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.edge.EdgeRoutes;
import dev.nordfaas.edge.EdgeTimeouts;
import dev.nordfaas.manifest.CallPath;
import dev.nordfaas.manifest.ClusterNetworks;
import dev.nordfaas.manifest.PodTuning;
import dev.nordfaas.prometheus.ScrapeTarget;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Inputs of {@link OpenFaas}. */
public final class OpenFaasArgs extends ResourceArgs {
  private final OpenFaasConfig config;
  private final EdgeConfig edge;
  private final DomainName domain;
  private final EdgeRoutes routes;
  private final EdgeTimeouts timeouts;
  private final PodTuning tuning;
  private final List<ScrapeTarget> scrapeTargets;
  private final ClusterNetworks networks;

  private OpenFaasArgs(
      OpenFaasConfig config,
      EdgeConfig edge,
      DomainName domain,
      EdgeRoutes routes,
      EdgeTimeouts timeouts,
      PodTuning tuning,
      List<ScrapeTarget> scrapeTargets,
      ClusterNetworks networks) {
    this.config = config;
    this.edge = edge;
    this.domain = domain;
    this.routes = routes;
    this.timeouts = timeouts;
    this.tuning = tuning;
    this.scrapeTargets = scrapeTargets;
    this.networks = networks;
  }

  /** Edition, gateway and provider. */
  public OpenFaasConfig config() {
    return config;
  }

  /** TLS, administrators and limits at the edge. */
  public EdgeConfig edge() {
    return edge;
  }

  /** DNS name under which the edge serves the functions. */
  public DomainName domain() {
    return domain;
  }

  /** The paths at the edge, and how the calls of functions get to them. */
  public EdgeRoutes routes() {
    return routes;
  }

  /** How long the edge waits. */
  public EdgeTimeouts timeouts() {
    return timeouts;
  }

  /** Settings of the network namespaces of the gateway's pods. */
  public PodTuning tuning() {
    return tuning;
  }

  /** What Prometheus scrapes besides OpenFaaS itself, if there is a Prometheus. */
  public List<ScrapeTarget> scrapeTargets() {
    return scrapeTargets;
  }

  /** Which addresses are the cluster's own. */
  public ClusterNetworks networks() {
    return networks;
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * Builds {@link OpenFaasArgs}. All except timeouts, tuning, scrape targets and networks are
   * required.
   */
  public static final class Builder {
    private @Nullable OpenFaasConfig config;
    private @Nullable EdgeConfig edge;
    private @Nullable DomainName domain;
    private @Nullable EdgeRoutes routes;
    private @Nullable EdgeTimeouts timeouts;
    private PodTuning tuning = PodTuning.NONE;
    private List<ScrapeTarget> scrapeTargets = List.of();
    private ClusterNetworks networks = ClusterNetworks.UNKNOWN;

    private Builder() {}

    /** Edition, gateway and provider. */
    public Builder config(OpenFaasConfig config) {
      this.config = config;
      return this;
    }

    /** TLS, administrators and limits at the edge. */
    public Builder edge(EdgeConfig edge) {
      this.edge = edge;
      return this;
    }

    /** DNS name under which the edge serves the functions. */
    public Builder domain(DomainName domain) {
      this.domain = domain;
      return this;
    }

    /** The paths at the edge. */
    public Builder routes(EdgeRoutes routes) {
      this.routes = routes;
      return this;
    }

    /** How long the edge waits. Default: as follows from its config and the gateway's. */
    public Builder timeouts(EdgeTimeouts timeouts) {
      this.timeouts = timeouts;
      return this;
    }

    /** Settings of the network namespaces of the gateway's pods. Default: the kernel's. */
    public Builder tuning(PodTuning tuning) {
      this.tuning = tuning;
      return this;
    }

    /** What Prometheus scrapes besides OpenFaaS itself. Default: nothing. */
    public Builder scrapeTargets(List<ScrapeTarget> scrapeTargets) {
      this.scrapeTargets = List.copyOf(scrapeTargets);
      return this;
    }

    /** Which addresses are the cluster's own. Default: only those of links. */
    public Builder networks(ClusterNetworks networks) {
      this.networks = networks;
      return this;
    }

    /**
     * The arguments.
     *
     * @throws IllegalArgumentException if a required one is missing
     */
    public OpenFaasArgs build() {
      var ofOpenFaas = Required.argument("OpenFaas", "config", config);
      var ofEdge = Required.argument("OpenFaas", "edge", edge);
      return new OpenFaasArgs(
          ofOpenFaas,
          ofEdge,
          Required.argument("OpenFaas", "domain", domain),
          Required.argument("OpenFaas", "routes", routes).with(CallPath.of(ofOpenFaas)),
          Optional.ofNullable(timeouts)
              .orElseGet(() -> EdgeTimeouts.of(ofEdge.timeouts(), ofOpenFaas.gateway())),
          tuning,
          scrapeTargets,
          networks);
    }
  }
}
