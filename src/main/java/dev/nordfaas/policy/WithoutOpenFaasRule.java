package dev.nordfaas.policy;

import dev.nordfaas.config.OpenFaasConfig;
import dev.nordfaas.config.OpenFaasConfig.GatewayConfig;
import dev.nordfaas.config.OpenFaasConfig.ProviderConfig;
import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Defaults;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import java.lang.reflect.RecordComponent;
import java.util.Map;

/** Without OpenFaaS, no key says anything about it: whoever set one would wait for its effect. */
final class WithoutOpenFaasRule implements Rule {
  private static final KeyPath OPENFAAS = KeyPath.of("openfaas");
  private static final KeyPath EDITION = OPENFAAS.key("edition");
  private static final String REASON = "is not used, as openfaas.edition is none";
  private static final String FIX = "remove it, or set openfaas.edition to another one";
  private static final GatewayConfig NO_GATEWAY = Defaults.of(GatewayConfig.class);
  private static final ProviderConfig NO_PROVIDER = Defaults.of(ProviderConfig.class);

  /** What takes the place of the gateway's timeouts. */
  private static final Map<String, String> INSTEAD =
      Map.of(
          "upstreamTimeout", "remove it; a call may take functions.<name>.timeout",
          "readTimeout", "remove it, or set edge.timeouts.readBody instead",
          "writeTimeout", "remove it, or set edge.timeouts.response instead");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var openfaas = config.openfaas();
    if (openfaas.hasGateway()) {
      return;
    }
    checkKeys(openfaas, problems);
    refuseOthers(OPENFAAS.key("gateway"), openfaas.gateway(), NO_GATEWAY, problems);
    refuseOthers(OPENFAAS.key("provider"), openfaas.provider(), NO_PROVIDER, problems);
    if (!config.edge().adminCidrs().isEmpty()) {
      problems.add(
          KeyPath.of("edge", "adminCidrs"), REASON + ": there is no administration", FIX, EDITION);
    }
  }

  private static void checkKeys(OpenFaasConfig openfaas, Problems problems) {
    if (openfaas.acceptCommunityEdition()) {
      refuse(OPENFAAS.key("acceptCommunityEdition"), problems);
    }
    openfaas.license().ifPresent(license -> refuse(OPENFAAS.key("license"), problems));
    openfaas.jetstream().ifPresent(jetstream -> refuse(OPENFAAS.key("jetstream"), problems));
    openfaas
        .rotation()
        .password()
        .ifPresent(day -> refuse(OPENFAAS.key("rotation").key("password"), problems));
  }

  /** Refuses the keys of an object that are not what they are if nothing is said of it. */
  private static <R extends Record> void refuseOthers(
      KeyPath path, R given, R byDefault, Problems problems) {
    for (var component : given.getClass().getRecordComponents()) {
      if (!read(component, given).equals(read(component, byDefault))) {
        var name = component.getName();
        problems.add(path.key(name), REASON, INSTEAD.getOrDefault(name, FIX), EDITION);
      }
    }
  }

  private static Object read(RecordComponent component, Record owner) {
    try {
      return component.getAccessor().invoke(owner);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(component.toString(), e);
    }
  }

  private static void refuse(KeyPath path, Problems problems) {
    problems.add(path, REASON, FIX, EDITION);
  }
}
