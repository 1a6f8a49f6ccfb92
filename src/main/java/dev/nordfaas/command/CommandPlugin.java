package dev.nordfaas.command;

import com.pulumi.resources.CustomResourceOptions;

/** The version of the Command provider's plug-in that the bindings in this package follow. */
public final class CommandPlugin {
  public static final String VERSION = "1.2.1";

  private CommandPlugin() {}

  /** The given options, with the plug-in version pinned unless they name one themselves. */
  public static CustomResourceOptions pinned(CustomResourceOptions options) {
    return CustomResourceOptions.merge(
        CustomResourceOptions.builder().version(VERSION).build(), options);
  }
}
