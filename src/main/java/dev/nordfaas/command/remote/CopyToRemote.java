package dev.nordfaas.command.remote;

import com.pulumi.core.annotations.ResourceType;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.CustomResourceOptions;
import dev.nordfaas.command.CommandPlugin;

/** A file or folder copied to a remote host over SSH. Nothing is removed there on delete. */
@ResourceType(type = "command:remote:CopyToRemote")
public final class CopyToRemote extends CustomResource {
  public CopyToRemote(String name, CopyToRemoteArgs args, CustomResourceOptions options) {
    super("command:remote:CopyToRemote", name, args, CommandPlugin.pinned(options));
  }
}
