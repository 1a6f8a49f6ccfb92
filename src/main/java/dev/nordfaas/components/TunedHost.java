package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.host.Drift;
import dev.nordfaas.host.Drift.Kind;
import dev.nordfaas.host.ExpectedFacts;
import dev.nordfaas.host.Firewall;
import dev.nordfaas.host.HostFile;
import dev.nordfaas.host.HostFiles;
import dev.nordfaas.host.Sysctls;
import dev.nordfaas.host.UserData;
import dev.nordfaas.template.NodeScript;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A VPS whose operating system copes with 500 concurrent invocations. Its first boot uses the
 * user-data; a host that is already running gets the same files over SSH, and the effective values
 * are read back.
 *
 * <p>The data volume's mount, the host name and the port of sshd are left to the first boot.
 */
public final class TunedHost extends Component {
  private final Output<String> userData;
  private final Output<String> facts;
  private final Output<Optional<String>> restart;
  private final Output<Boolean> ready;

  /** The host that {@code args} describe. */
  public TunedHost(String name, TunedHostArgs args, ComponentResourceOptions options) {
    super(TunedHost.class, name, options);
    var spec = args.spec();
    var node = NodeCommands.of(spec.ssh(), spec.node());

    var readFacts =
        node.run(
            child("facts"),
            NodeScript.FACTS,
            ExpectedFacts.render(spec, args.needs()),
            childOptions());
    // Runs once, and again only when it is replaced; the other commands act on what it saw then.
    var drift = node.read(child("drift"), NodeScript.DRIFT, after(readFacts));
    var modules = node.run(child("modules"), NodeScript.MODULES, UserData.base(spec), after(drift));
    var files =
        node.runAgainOn(
            Drift.of(Kind.FILES, drift.stdout()),
            child("files"),
            NodeScript.FILES,
            HostFile.bundle(HostFiles.of(spec)),
            after(modules));
    // After the files: some sysctls exist only once their kernel module is loaded.
    var sysctls =
        node.runAgainOn(
            Drift.of(Kind.SYSCTLS, drift.stdout()),
            child("sysctls"),
            NodeScript.SYSCTLS,
            Sysctls.file(spec),
            after(files));
    var rules = Firewall.render(spec);
    var changedRules = Drift.of(Kind.FIREWALL, drift.stdout());
    var firewall =
        node.runAgainOn(
            changedRules, child("firewall"), NodeScript.FIREWALL_LOAD, rules, after(sysctls));
    var confirmed =
        node.runAgainOn(
            changedRules,
            child("firewall-confirm"),
            NodeScript.FIREWALL_CONFIRM,
            rules,
            after(firewall));

    userData = Output.of(UserData.render(spec));
    facts = readFacts.stdout();
    restart = drift.stdout().applyValue(Drift::restart);
    ready =
        Output.all(files.stdout(), sysctls.stdout(), confirmed.stdout()).applyValue(done -> true);
    registerOutputs(Map.of("userData", userData, "facts", facts, "ready", ready));
  }

  private CustomResourceOptions after(Resource previous) {
    return childOptions(List.of(previous));
  }

  /** The {@code #cloud-config} for the provider's order form or API; no secret in it. */
  public Output<String> userData() {
    return userData;
  }

  /** What the host is, as a JSON object: os, kernel, architecture, vcpu, memoryBytes, diskBytes. */
  public Output<String> facts() {
    return facts;
  }

  /** Why the host has to be restarted, as a clause, as of when it was last queried. */
  public Output<Optional<String>> restart() {
    return restart;
  }

  /** True, once every value was read back from the host. */
  public Output<Boolean> ready() {
    return ready;
  }
}
