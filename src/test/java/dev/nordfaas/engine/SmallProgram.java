package dev.nordfaas.engine;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import com.pulumi.kubernetes.Provider;
import com.pulumi.kubernetes.ProviderArgs;
import com.pulumi.kubernetes.apps.v1.Deployment;
import com.pulumi.kubernetes.apps.v1.DeploymentArgs;
import com.pulumi.kubernetes.apps.v1.inputs.DeploymentSpecArgs;
import com.pulumi.kubernetes.core.v1.ConfigMap;
import com.pulumi.kubernetes.core.v1.ConfigMapArgs;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.core.v1.SecretArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.meta.v1.inputs.LabelSelectorArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.resources.CustomResourceOptions;
import dev.nordfaas.command.Logging;
import dev.nordfaas.command.local.Command;
import dev.nordfaas.command.local.CommandArgs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A small stack for {@link ApprovedPlanIT}: a provider, commands, a Secret and Deployments. It
 * needs no cluster: Kubernetes' plug-in writes the objects into a folder.
 */
public final class SmallProgram {
  private SmallProgram() {}

  public static void main(String[] args) {
    Pulumi.run(SmallProgram::define);
  }

  private static void define(Context context) {
    var config = context.config();
    var provider =
        new Provider(
            "cluster",
            ProviderArgs.builder()
                .renderYamlToDirectory(config.require("folder"))
                .namespace(config.require("namespace"))
                .build());
    var onCluster = CustomResourceOptions.builder().provider(provider).build();

    var password =
        new Command(
            "password",
            CommandArgs.builder()
                .create("head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \\n'")
                .triggers(List.of(config.require("rotate")))
                .logging(Logging.NONE)
                .build(),
            CustomResourceOptions.builder()
                .additionalSecretOutputs("stdout")
                .replaceOnChanges("triggers[*]")
                .build());
    // Its answer is unknown in a preview whenever the command itself changes.
    var world =
        new Command(
            "world",
            CommandArgs.builder()
                .create("cat '" + config.require("world") + "'; : " + config.require("ask"))
                .triggers(List.of(config.require("ask")))
                .build(),
            CustomResourceOptions.builder().replaceOnChanges("triggers[*]").build());
    new ConfigMap(
        "answer",
        ConfigMapArgs.builder()
            .metadata(named("answer"))
            .data(world.stdout().applyValue(text -> Map.of("answer", text)))
            .build(),
        onCluster);
    new Secret(
        "login",
        SecretArgs.builder()
            .metadata(named("login"))
            .stringData(
                Output.all(password.stdout().asSecret(), config.requireSecret("key"))
                    .applyValue(all -> Map.of("password", all.get(0), "key", all.get(1))))
            .build(),
        onCluster);
    for (var function : config.require("functions").split(" ")) {
      var parts = List.of(function.split("="));
      deploy(parts.get(0), parts.get(1), Integer.parseInt(parts.get(2)), onCluster);
    }
    context.export("answer", world.stdout());
    context.export("code", Output.of(code()));
  }

  private static void deploy(
      String name, String image, int replicas, CustomResourceOptions options) {
    var labels = Map.of("app", name, "code", code());
    new Deployment(
        name,
        DeploymentArgs.builder()
            .metadata(named(name))
            .spec(
                DeploymentSpecArgs.builder()
                    .replicas(replicas)
                    .selector(LabelSelectorArgs.builder().matchLabels(Map.of("app", name)).build())
                    .template(
                        PodTemplateSpecArgs.builder()
                            .metadata(ObjectMetaArgs.builder().labels(labels).build())
                            .spec(
                                PodSpecArgs.builder()
                                    .containers(
                                        ContainerArgs.builder()
                                            .name("function")
                                            .image(image)
                                            .build())
                                    .build())
                            .build())
                    .build())
            .build(),
        options);
  }

  /** Stands for the program's code: another text is another program. */
  private static String code() {
    try {
      return Files.readString(Path.of("code.txt")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectMetaArgs named(String name) {
    return ObjectMetaArgs.builder().name(name).namespace("functions").build();
  }
}
