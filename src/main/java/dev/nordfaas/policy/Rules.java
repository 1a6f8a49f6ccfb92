package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.plan.Plan;
import java.time.Clock;
import java.util.List;

/** The rules that every stack has to satisfy. */
public final class Rules {
  private Rules() {}

  /** Plans the stack and checks it against all rules. */
  public static CheckedPlan check(StackConfig config, Problems problems) {
    var plan = Plan.of(config);
    all().forEach(rule -> rule.check(config, plan, problems));
    return new CheckedPlan(plan, problems.warnings());
  }

  /** What the rules about room on the nodes and their disks find in a plan. */
  public static Problems capacity(Plan plan) {
    var problems = new Problems();
    new CapacityRule().check(plan.config(), plan, problems);
    new StorageRule().check(plan.config(), plan, problems);
    return problems;
  }

  /** All rules. They are independent, so each can be tested alone. */
  static List<Rule> all() {
    return List.of(
        new TopologyRule(),
        new AwayRule(),
        new PasswordRule(),
        new AddressRule(),
        new PodNetworkRule(),
        new K3sKeyRule(),
        new FlannelRule(),
        new AirGapRule(),
        new SnapshotRule(),
        new NodeLabelRule(),
        new NodeTaintRule(),
        new AddressFamilyRule(),
        new ExtraConfigRule(),
        new ReferenceRule(),
        new SubjectRule(),
        new MessageRule(),
        new ReservedStreamRule(),
        new DeletedStreamRule(),
        new JetStreamLimitsRule(),
        new RetentionRule(),
        new AttemptsRule(),
        new RouteRule(),
        new PathPrefixRule(),
        new CorsRule(),
        new AuthRule(),
        new IssuerRule(),
        new CallerRule(),
        new SchemaRule(),
        new FunctionNameRule(),
        new EnvironmentRule(),
        new PortRule(),
        new OwnMetadataRule(),
        new NodeSelectorRule(),
        new EgressRule(),
        new CronRule(),
        new DatabaseNameRule(),
        new ExtensionRule(),
        new MigrationsRule(),
        new ScaleRule(),
        new LimitsRule(),
        new GuaranteedRule(),
        new CapacityRule(),
        new StorageRule(),
        new ConnectionBudgetRule(),
        new PoolerTimeoutRule(),
        new RoleSettingsRule(),
        new PoolerMemoryRule(),
        new PostgresMemoryRule(),
        new DroppedDatabaseRule(),
        new TimeoutRule(),
        new LicenseRule(),
        new WithoutOpenFaasRule(),
        new PrometheusRule(),
        new ResidencyRule(),
        new CostRule(),
        new EdgeRule(),
        new VirtualAddressRule(),
        new AcmeRule(),
        new CertificateRule(Clock.systemUTC()),
        new SysctlRule(),
        new HostExtrasRule(),
        new UserDataRule(),
        new PgBouncerVersionRule(),
        new ScramIterationsRule(),
        new HighAvailabilityRule(),
        new BackupRule(),
        new NatsVersionRule());
  }
}
