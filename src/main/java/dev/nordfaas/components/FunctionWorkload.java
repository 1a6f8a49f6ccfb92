package dev.nordfaas.components;

import com.pulumi.core.Output;
import com.pulumi.core.annotations.Export;
import com.pulumi.kubernetes.apps.v1.Deployment;
import com.pulumi.kubernetes.autoscaling.v2.HorizontalPodAutoscaler;
import com.pulumi.kubernetes.batch.v1.CronJob;
import com.pulumi.kubernetes.core.v1.ConfigMap;
import com.pulumi.kubernetes.core.v1.Secret;
import com.pulumi.kubernetes.core.v1.Service;
import com.pulumi.kubernetes.core.v1.ServiceAccount;
import com.pulumi.kubernetes.networking.v1.NetworkPolicy;
import com.pulumi.kubernetes.policy.v1.PodDisruptionBudget;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.Resource;
import dev.nordfaas.components.FunctionWorkloadArgs.FunctionRole;
import dev.nordfaas.components.FunctionWorkloadArgs.IntakeRole;
import dev.nordfaas.components.FunctionWorkloadArgs.Schedules;
import dev.nordfaas.components.FunctionWorkloadArgs.Worker;
import dev.nordfaas.config.FunctionConfig;
import dev.nordfaas.config.SecretValue;
import dev.nordfaas.function.CronTriggers;
import dev.nordfaas.function.SecretFiles;
import dev.nordfaas.function.Workload;
import dev.nordfaas.function.WorkloadAutoscaler;
import dev.nordfaas.function.WorkloadManifests;
import dev.nordfaas.function.WorkloadPolicies;
import dev.nordfaas.function.Workloads;
import dev.nordfaas.manifest.Checksums;
import dev.nordfaas.manifest.ServiceAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One function that is never cold: a Deployment that OpenFaaS, where there is any, recognizes by
 * its label, with Service, network policy and, depending on its scale, autoscaler and disruption
 * budget. A queue trigger adds a worker, a cron trigger a CronJob. The intake of the asynchronous
 * path is created the same way.
 *
 * <p>The resource's name is the function's name, at the edge and in Kubernetes. A function gets the
 * DSN of its database in {@code DATABASE_URL}; a new password rolls its pods.
 */
public final class FunctionWorkload extends Component {
  @Export(name = "url", refs = String.class)
  private final Output<String> url;

  /**
   * Creates the function or intake.
   *
   * @param name name of the function; {@code intake} for the intake
   * @param args config and wiring of the function or intake
   * @param options parent and the Kubernetes provider
   * @throws IllegalArgumentException if the name is {@code intake} for a function, or anything else
   *     for the intake
   */
  public FunctionWorkload(
      String name, FunctionWorkloadArgs args, ComponentResourceOptions options) {
    super(FunctionWorkload.class, name, options);
    checkName(name, args);

    var main = main(name, args);
    var deployment = deploy("", main, args);
    var service =
        new Service(
            child("service"), WorkloadManifests.service(main), childOptions(List.of(deployment)));
    if (args.role() instanceof FunctionRole role) {
      if (Workloads.isNamedByTheEdge(role.config(), role.calls())) {
        new Service(child("pods-service"), WorkloadManifests.pods(main), childOptions());
      }
      role.worker().ifPresent(worker -> deploy("worker-", worker(name, role, worker, args), args));
      role.schedules().ifPresent(schedules -> schedule(name, role, schedules, args, service));
    }

    this.url = service.urn().applyValue(urn -> ServiceAddress.function(name).url());
    registerOutputs(Map.of("url", url));
  }

  /** Address inside the cluster, for pods that its network policy admits. */
  public Output<String> url() {
    return url;
  }

  private Resource deploy(String prefix, Workload workload, FunctionWorkloadArgs args) {
    var needed = new ArrayList<Resource>(args.after());
    needed.add(
        new ServiceAccount(
            child(prefix + "account"),
            WorkloadManifests.account(workload, args.pullSecret()),
            childOptions()));
    needed.add(
        new NetworkPolicy(
            child(prefix + "policy"), WorkloadManifests.policy(workload), childOptions()));
    workload
        .container()
        .secret()
        .ifPresent(
            secret ->
                needed.add(
                    new Secret(
                        child(prefix + "secret"),
                        WorkloadManifests.secret(workload, secret),
                        childOptions())));
    workload
        .container()
        .secretFiles()
        .ifPresent(
            files ->
                needed.add(
                    new Secret(
                        child(prefix + "secret-files"),
                        WorkloadManifests.secretFiles(workload, files),
                        childOptions())));
    workload
        .container()
        .file()
        .ifPresent(
            file ->
                needed.add(
                    new ConfigMap(
                        child(prefix + "config"),
                        WorkloadManifests.configMap(workload, file),
                        childOptions())));
    var deployment =
        new Deployment(
            child(prefix + "deployment"),
            WorkloadManifests.deployment(workload),
            deploymentOptions(needed, workload));
    if (workload.autoscaled()) {
      new HorizontalPodAutoscaler(
          child(prefix + "autoscaler"), WorkloadAutoscaler.of(workload), childOptions());
    }
    if (workload.redundant()) {
      new PodDisruptionBudget(
          child(prefix + "disruption-budget"),
          WorkloadManifests.disruptionBudget(workload),
          childOptions());
    }
    return deployment;
  }

  private CustomResourceOptions deploymentOptions(List<Resource> needed, Workload workload) {
    var options = childOptions(needed, workload.rolloutTimeout());
    return workload.autoscaled() ? ignoring(WorkloadManifests.REPLICAS, options) : options;
  }

  private void schedule(
      String name,
      FunctionRole role,
      Schedules schedules,
      FunctionWorkloadArgs args,
      Resource service) {
    var triggers =
        new CronTriggers(
            name,
            args.namespace(),
            schedules.image(),
            role.config().timeout(),
            schedules.functionUrl(),
            WorkloadPolicies.schedules(name, args.networks(), role.calls()));
    var account =
        new ServiceAccount(
            child("cron-account"), triggers.account(args.pullSecret()), childOptions());
    var policy = new NetworkPolicy(child("cron-policy"), triggers.policy(), childOptions());
    role.config()
        .cron()
        .forEach(
            (trigger, config) ->
                new CronJob(
                    child("cron-" + trigger),
                    triggers.cronJob(trigger, config),
                    childOptions(List.of(account, policy, service))));
  }

  private Workload main(String name, FunctionWorkloadArgs args) {
    if (args.role() instanceof IntakeRole intake) {
      return Workloads.intake(
          args.namespace(), intake.queueWorker(), intake.nats(), intake.tuning());
    }
    var function = (FunctionRole) args.role();
    return Workloads.function(
        name,
        args.namespace(),
        function.config(),
        function.database(),
        secretFiles(name, function.config()),
        args.networks(),
        function.calls());
  }

  private Optional<SecretFiles> secretFiles(String name, FunctionConfig function) {
    if (function.secrets().isEmpty()) {
      return Optional.empty();
    }
    var content = Secrets.all(new TreeMap<>(function.secrets()), SecretValue::asOutput);
    var key = GeneratedPassword.create(child("secret-files-key"), this);
    return Optional.of(
        new SecretFiles(name + "-secrets", content, Checksums.ofChosen(key, content)));
  }

  private static Workload worker(
      String name, FunctionRole role, Worker worker, FunctionWorkloadArgs args) {
    return Workloads.worker(
        name,
        args.namespace(),
        role.config(),
        worker.trigger(),
        worker.consumer(),
        worker.queueWorker(),
        worker.nats(),
        worker.functionUrl(),
        args.networks(),
        role.calls());
  }

  /** The edge finds intake under this name, so it is reserved for intake. */
  private static void checkName(String name, FunctionWorkloadArgs args) {
    var reserved = ServiceAddress.INTAKE.name();
    if (args.role() instanceof IntakeRole != name.equals(reserved)) {
      throw new IllegalArgumentException(
          "the name '%s' is reserved for intake, and intake has no other".formatted(reserved));
    }
  }
}
