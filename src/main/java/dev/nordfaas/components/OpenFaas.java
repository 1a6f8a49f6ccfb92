package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Export;
import com.pulumi.kubernetes.core.v1.LimitRange;
import com.pulumi.kubernetes.core.v1.Namespace;
import com.pulumi.kubernetes.core.v1.NamespaceArgs;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.edge.EdgeManifests;
import dev.nordfaas.edge.EdgePod;
import dev.nordfaas.manifest.DiskLimits;
import dev.nordfaas.manifest.Labels;
import dev.nordfaas.manifest.Namespaces;
import dev.nordfaas.manifest.NetworkPolicies;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.manifest.ServiceAddress;
import dev.nordfaas.openfaas.Gateway;
import dev.nordfaas.openfaas.OpenFaasNamespaces;
import dev.nordfaas.plan.OpenFaasTargets;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/**
 * OpenFaaS and the edge in front of it: namespaces {@code openfaas}, {@code openfaas-fn} and {@code
 * edge}, each closed by default; the gateway with its provider; Caddy with TLS on ports 80 and 443;
 * Prometheus. With edition {@code none} the same without gateway and provider: the edge, and the
 * functions' other callers, connect to the functions themselves. The functions' namespace stays
 * what it is from one edition to another.
 *
 * <p>Functions are {@link FunctionWorkload}s, not created by OpenFaaS: the provider only reads
 * them.
 */
public final class OpenFaas extends Component {
  @Export(name = "edgeUrl", refs = String.class)
  private final Output<String> edgeUrl;

  @Export(name = "functionsNamespace", refs = String.class)
  private final Output<String> functionsNamespace;

  private final Optional<Output<String>> internalGatewayUrl;
  private final Optional<Output<String>> adminPassword;

  /**
   * Creates OpenFaaS and the edge.
   *
   * @param name name of this resource; its children's names begin with it
   * @param args edition, edge and routes
   * @param options parent and the Kubernetes provider
   */
  public OpenFaas(String name, OpenFaasArgs args, ComponentResourceOptions options) {
    super(OpenFaas.class, name, options);

    var system =
        hasSystem(args.config())
            ? Optional.of(namespace("namespace", OpenFaasNamespaces.system()))
            : Optional.<Namespace>empty();
    var functions = namespace("functions-namespace", OpenFaasNamespaces.functions());
    var edge = namespace("edge-namespace", EdgeManifests.namespace());
    system.ifPresent(owner -> isolate("", Namespaces.OPENFAAS, labels(args.config()), owner));
    isolate(
        "functions-",
        Namespaces.FUNCTIONS,
        new Labels(Namespaces.FUNCTIONS, "functions"),
        functions);
    isolate("edge-", Namespaces.EDGE, EdgePod.LABELS, edge);

    this.adminPassword =
        args.config().hasGateway()
            ? Optional.of(
                GeneratedPassword.create(
                    child("admin-password"),
                    args.config()
                        .rotation()
                        .password()
                        .<List<Object>>map(List::of)
                        .orElse(List.of()),
                    this))
            : Optional.empty();
    var logins = RegistryLogins.create(args.config().registries(), this, system, functions);
    // The names are known before anything exists; what uses them waits until it does.
    this.internalGatewayUrl =
        adminPassword.map(
            password ->
                after(
                    OpenFaasGateway.create(
                        this, args, password, system.orElseThrow(), functions, logins),
                    ServiceAddress.GATEWAY.url()));
    system.ifPresent(namespace -> metrics(args, namespace, functions, logins));
    var edgeReady = OpenFaasEdge.create(this, args, edge);

    this.edgeUrl = after(edgeReady, "https://" + args.domain().text());
    this.functionsNamespace = after(logins.orElse(functions), Namespaces.FUNCTIONS);
    var outputs = new HashMap<String, Output<?>>();
    outputs.put("edgeUrl", edgeUrl);
    outputs.put("functionsNamespace", functionsNamespace);
    internalGatewayUrl.ifPresent(url -> outputs.put("internalGatewayUrl", url));
    adminPassword.ifPresent(password -> outputs.put("adminPassword", password));
    registerOutputs(outputs);
  }

  /** Address of the edge, for clients outside the cluster. */
  public Output<String> edgeUrl() {
    return edgeUrl;
  }

  /**
   * Address of the gateway inside the cluster, if there is one; only reachable for pods with the
   * gateway-client label.
   */
  public Optional<Output<String>> internalGatewayUrl() {
    return internalGatewayUrl;
  }

  /** Password of the user {@code admin} at the gateway, if there is one; a secret. */
  public Optional<Output<String>> adminPassword() {
    return adminPassword;
  }

  /** Name of the functions' namespace; resolves once it exists. */
  public Output<String> functionsNamespace() {
    return functionsNamespace;
  }

  /** Whether anything is in the namespace of OpenFaaS itself, where Prometheus is, too. */
  private static boolean hasSystem(OpenFaasConfig config) {
    return config.hasGateway() || config.prometheus().isPresent();
  }

  private static Labels labels(OpenFaasConfig config) {
    return config.hasGateway() ? Gateway.LABELS : new Labels(Namespaces.OPENFAAS, "metrics");
  }

  private Namespace namespace(String suffix, NamespaceArgs args) {
    return new Namespace(child(suffix), args, first(childOptions()));
  }

  private void isolate(String prefix, String namespace, Labels labels, Namespace owner) {
    new LimitRange(
        child(prefix + "disk-limits"),
        DiskLimits.of(namespace, labels),
        childOptions(List.of(owner)));
    new NetworkPolicy(
        child(prefix + "default-deny"),
        NetworkPolicies.defaultDeny(namespace, labels),
        childOptions(List.of(owner)));
  }

  private void metrics(
      OpenFaasArgs args, Namespace system, Namespace functions, Optional<Resource> logins) {
    args.config()
        .prometheus()
        .ifPresent(
            prometheus ->
                OpenFaasMetrics.create(
                    this,
                    prometheus,
                    OpenFaasTargets.and(args.config(), args.scrapeTargets()),
                    args.routes().calls(),
                    new PullSecret(logins.isPresent()),
                    with(List.of(functions), logins.orElse(system))));
  }

  private static Output<String> after(Resource resource, String value) {
    return resource.urn().applyValue(urn -> value);
  }
}
