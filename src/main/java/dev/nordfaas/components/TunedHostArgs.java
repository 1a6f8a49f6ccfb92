package dev.nordfaas.components;

import com.pulumi.resources.ResourceArgs;
import dev.nordfaas.host.HostSpec;

/** Inputs of {@link TunedHost}. All are plain: they decide what its preview shows. */
public final class TunedHostArgs extends ResourceArgs {
  private final HostSpec spec;

  private TunedHostArgs(HostSpec spec) {
    this.spec = spec;
  }

  HostSpec spec() {
    return spec;
  }

  /** The host that is described. */
  public static TunedHostArgs of(HostSpec spec) {
    return new TunedHostArgs(spec);
  }
}
