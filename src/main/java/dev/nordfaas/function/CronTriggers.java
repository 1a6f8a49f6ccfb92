package dev.nordfaas.function;

import com.pulumi.core.Output;
import com.pulumi.kubernetes.batch.v1.CronJobArgs;
import com.pulumi.kubernetes.batch.v1.inputs.CronJobSpecArgs;
import com.pulumi.kubernetes.batch.v1.inputs.JobSpecArgs;
import com.pulumi.kubernetes.batch.v1.inputs.JobTemplateSpecArgs;
import com.pulumi.kubernetes.batch.v1.inputs.PodFailurePolicyArgs;
import com.pulumi.kubernetes.batch.v1.inputs.PodFailurePolicyOnExitCodesRequirementArgs;
import com.pulumi.kubernetes.batch.v1.inputs.PodFailurePolicyRuleArgs;
import com.pulumi.kubernetes.core.v1.ServiceAccountArgs;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodSpecArgs;
import com.pulumi.kubernetes.core.v1.inputs.PodTemplateSpecArgs;
import com.pulumi.kubernetes.meta.v1.inputs.ObjectMetaArgs;
import com.pulumi.kubernetes.networking.v1.NetworkPolicyArgs;
import dev.nordfaas.config.ByteSize;
import dev.nordfaas.config.Durations;
import dev.nordfaas.config.FunctionConfig.ConcurrencyPolicy;
import dev.nordfaas.config.FunctionConfig.CronTrigger;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Env;
import dev.nordfaas.manifest.PodNetworkPolicy;
import dev.nordfaas.manifest.Priority;
import dev.nordfaas.manifest.PullSecret;
import dev.nordfaas.manifest.Requests;
import dev.nordfaas.manifest.SecurityContexts;
import dev.nordfaas.manifest.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The CronJobs of one function: each call is a Job that uses the queue-worker's image and POSTs as
 * any other caller does. The Job's name is the id of the call, the same in each attempt.
 *
 * @param function name of the function
 * @param namespace the functions' namespace, once it exists
 * @param image the queue-worker's image
 * @param timeout how long the function may take
 * @param functionUrl where the function is called
 * @param networkPolicy that of their pods
 */
public record CronTriggers(
    String function,
    Output<String> namespace,
    String image,
    Duration timeout,
    Output<String> functionUrl,
    PodNetworkPolicy networkPolicy) {
  /** Suffix of the names of the account and the policy that a function's CronJobs share. */
  public static final String ENDING = "-cron";

  /** Kubernetes adds eleven characters for each Job. */
  public static final int MAX_NAME = 52;

  private static final ByteSize SCRATCH = ByteSize.parse("64Mi");

  /** Requests of the pod of a call. */
  public static final Requests REQUESTS =
      Requests.ofContainer(50, 96).plus(Requests.scratch(SCRATCH));

  private static final int UID = 12000;
  private static final int HISTORY = 3;
  private static final String TMP = "tmp";

  /** The longest that a pod takes to be scheduled, pulled and started. */
  private static final Duration START = Duration.ofMinutes(1);

  /** How long Kubernetes waits before the second attempt; it doubles for each further one. */
  private static final Duration BACKOFF = Duration.ofSeconds(10);

  /** The name of a CronJob. */
  public static String name(String function, String trigger) {
    return function + ENDING + "-" + trigger;
  }

  /** An account without any rights and without a token. */
  public ServiceAccountArgs account(PullSecret pullSecret) {
    return pullSecret
        .on(ServiceAccountArgs.builder())
        .metadata(metadata(function + ENDING))
        .automountServiceAccountToken(false)
        .build();
  }

  /** Nobody connects to the pods; they only connect to what they call. */
  public NetworkPolicyArgs policy() {
    return networkPolicy.args(namespace);
  }

  /** The CronJob of one trigger. */
  public CronJobArgs cronJob(String name, CronTrigger trigger) {
    return CronJobArgs.builder()
        .metadata(metadata(name(function, name)))
        .spec(
            CronJobSpecArgs.builder()
                .schedule(trigger.schedule())
                .timeZone(trigger.timezone())
                .concurrencyPolicy(word(trigger.concurrencyPolicy()))
                .startingDeadlineSeconds(seconds(trigger.startingDeadline()))
                .successfulJobsHistoryLimit(HISTORY)
                .failedJobsHistoryLimit(HISTORY)
                .jobTemplate(
                    JobTemplateSpecArgs.builder()
                        .metadata(ObjectMetaArgs.builder().labels(podLabels()).build())
                        .spec(job(trigger))
                        .build())
                .build())
        .build();
  }

  private JobSpecArgs job(CronTrigger trigger) {
    return JobSpecArgs.builder()
        .backoffLimit(trigger.retries())
        .activeDeadlineSeconds(seconds(longest(trigger.retries())))
        .podFailurePolicy(
            PodFailurePolicyArgs.builder()
                .rules(
                    PodFailurePolicyRuleArgs.builder()
                        .action("FailJob")
                        // The Java SDK requires both; Kubernetes treats an empty list as none.
                        .onPodConditions(List.of())
                        .onExitCodes(
                            PodFailurePolicyOnExitCodesRequirementArgs.builder()
                                .containerName(QueueWorkerEnvironment.CALL)
                                .operator("In")
                                .values(
                                    QueueWorkerEnvironment.EXIT_USAGE,
                                    QueueWorkerEnvironment.EXIT_REFUSED)
                                .build())
                        .build())
                .build())
        .template(
            PodTemplateSpecArgs.builder()
                .metadata(ObjectMetaArgs.builder().labels(podLabels()).build())
                .spec(pod(trigger))
                .build())
        .build();
  }

  private Duration longest(int retries) {
    return timeout
        .plus(START)
        .multipliedBy(retries + 1L)
        .plus(BACKOFF.multipliedBy((1L << retries) - 1));
  }

  private PodSpecArgs pod(CronTrigger trigger) {
    return Priority.BATCH
        .pod()
        .restartPolicy("Never")
        .serviceAccountName(function + ENDING)
        .automountServiceAccountToken(false)
        .enableServiceLinks(false)
        .securityContext(SecurityContexts.pod(UID))
        .containers(
            ContainerArgs.builder()
                .name(QueueWorkerEnvironment.CALL)
                .image(image)
                .args(Command.of(QueueWorkerEnvironment.CALL))
                .env(
                    Env.value(
                        QueueWorkerEnvironment.FUNCTION_URL,
                        functionUrl.applyValue(url -> url + trigger.path())),
                    Env.value(QueueWorkerEnvironment.CALL_TIMEOUT, Durations.format(timeout)),
                    Env.field(
                        QueueWorkerEnvironment.CALL_ID,
                        "metadata.labels['batch.kubernetes.io/job-name']"),
                    Env.value(QueueWorkerEnvironment.CONTENT_TYPE, trigger.contentType()),
                    Env.value(QueueWorkerEnvironment.BODY, trigger.body()))
                .resources(REQUESTS.limitedTo("192Mi"))
                .securityContext(SecurityContexts.container())
                .terminationMessagePolicy("FallbackToLogsOnError")
                .volumeMounts(Volumes.mount(TMP, "/tmp"))
                .build())
        .volumes(Volumes.scratch(TMP, SCRATCH))
        .build();
  }

  private ObjectMetaArgs metadata(String name) {
    return ObjectMetaArgs.builder().namespace(namespace).name(name).labels(podLabels()).build();
  }

  private Map<String, String> podLabels() {
    return networkPolicy.podLabels();
  }

  private static String word(ConcurrencyPolicy policy) {
    return switch (policy) {
      case FORBID -> "Forbid";
      case ALLOW -> "Allow";
      case REPLACE -> "Replace";
    };
  }

  private static int seconds(Duration duration) {
    return Math.toIntExact(duration.toSeconds());
  }
}
