package dev.nordfaas.components;

import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.host.HostNeeds;
import dev.nordfaas.host.HostSpec;

/** Inputs of {@link TunedHost}. All are plain: they decide what its preview shows. */
public final class TunedHostArgs extends ResourceArgs {
  private final HostSpec spec;
  private final HostNeeds needs;

  private TunedHostArgs(HostSpec spec, HostNeeds needs) {
    this.spec = spec;
    this.needs = needs;
  }

  HostSpec spec() {
    return spec;
  }

  HostNeeds needs() {
    return needs;
  }

  /**
   * The host that is described.
   *
   * @param needs what is checked besides system and size before the host is touched
   */
  public static TunedHostArgs of(HostSpec spec, HostNeeds needs) {
    return new TunedHostArgs(spec, needs);
  }
}
