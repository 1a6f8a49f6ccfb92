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
   * Inputs for one host.
   *
   * @param needs what is checked before the host is touched, besides system and size
   */
  public static TunedHostArgs of(HostSpec spec, HostNeeds needs) {
    return new TunedHostArgs(spec, needs);
  }
}
