package dev.nordfaas.testing;

import dev.nordfaas.config.NodeConfig;
import dev.nordfaas.config.check.Problems.Problem;
import dev.nordfaas.plan.Flow;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.plan.Pods;
import dev.nordfaas.policy.Rules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;

/** Asserts what a plan says, in the manner of AssertJ. */
public final class PlanAssert extends AbstractAssert<PlanAssert, Plan> {
  private PlanAssert(Plan actual) {
    super(actual, PlanAssert.class);
  }

  /**
   * Begins assertions.
   *
   * @param plan such as {@code Stacks.named("oslo").plan()}
   * @return assertions about it
   */
  public static PlanAssert assertThat(Plan plan) {
    return new PlanAssert(plan);
  }

  /**
   * Fails unless the stack has the function.
   *
   * @param name its name
   * @return these assertions
   */
  public PlanAssert hasFunction(String name) {
    function(name);
    return this;
  }

  /**
   * Fails unless the stack has exactly these functions.
   *
   * @param names their names
   * @return these assertions
   */
  public PlanAssert hasOnlyFunctions(String... names) {
    return equal("functions", Set.of(names), plan().config().functions().keySet());
  }

  /**
   * Fails unless the function may run on exactly these nodes.
   *
   * @param function its name
   * @param nodes names of nodes
   * @return these assertions
   */
  public PlanAssert runsOn(String function, String... nodes) {
    function(function);
    var pods = pods(function);
    return equal(
        "nodes of function " + function,
        Set.of(nodes),
        plan().config().nodes().keySet().stream()
            .filter(pods::mayRunOn)
            .collect(Collectors.toSet()));
  }

  /**
   * Fails unless the function has this many replicas at least and at most.
   *
   * @param function its name
   * @param min replicas without load
   * @param max replicas under load
   * @return these assertions
   */
  public PlanAssert scales(String function, int min, int max) {
    function(function);
    var pods = pods(function);
    return equal(
        "replicas of function " + function,
        List.of(min, max),
        List.of(pods.replicas(), pods.most()));
  }

  /**
   * Fails unless the nodes have room for what always runs.
   *
   * @return these assertions
   */
  public PlanAssert fits() {
    return none("everything to fit on the nodes", Rules.capacity(plan()).sorted());
  }

  /**
   * Fails unless the nodes have room for every workload at {@code scale.max}; what does not fit
   * then stays pending.
   *
   * @return these assertions
   */
  public PlanAssert fitsAtFullScale() {
    fits();
    return none("everything to fit at scale.max", Rules.capacity(plan()).warnings());
  }

  private PlanAssert none(String expected, List<Problem> found) {
    if (!found.isEmpty()) {
      failWithMessage("Expected %s, but:%n%s", expected, lines(found));
    }
    return this;
  }

  private static String lines(List<?> items) {
    return items.stream().map(item -> "  " + item).collect(Collectors.joining("\n"));
  }

  /**
   * Fails unless the nodes cost at most this much. A node without {@code monthlyPriceNok} fails,
   * too.
   *
   * @param nok NOK a month
   * @return these assertions
   */
  public PlanAssert costsAtMost(int nok) {
    var nodes = plan().config().nodes();
    var unpriced =
        nodes.entrySet().stream()
            .filter(node -> node.getValue().monthlyPriceNok().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    if (!unpriced.isEmpty()) {
      failWithMessage(
          "Expected a monthlyPriceNok of every node, but these have none: %s", unpriced);
    }
    var sum =
        nodes.values().stream()
            .map(NodeConfig::monthlyPriceNok)
            .flatMap(Optional::stream)
            .mapToLong(Integer::longValue)
            .sum();
    if (sum > nok) {
      failWithMessage("Expected a cost of at most %d NOK a month, but it is %d", nok, sum);
    }
    return this;
  }

  /**
   * Fails unless the function connects to exactly these addresses outside the cluster.
   *
   * @param function its name
   * @param destinations such as {@code 203.0.113.0/24:443}; none if it reaches nothing outside
   * @return these assertions
   */
  public PlanAssert reachesOnly(String function, String... destinations) {
    function(function);
    return equal(
        "destinations of function %s outside the cluster".formatted(function),
        Set.of(destinations),
        plan().flows().stream()
            .filter(flow -> flow.from().endsWith("/" + function))
            .filter(Flow::leavesTheCluster)
            .map(PlanAssert::destination)
            .collect(Collectors.toSet()));
  }

  /**
   * Fails unless no pod of the stack connects to other addresses outside the cluster than these.
   *
   * @param destinations such as {@code 203.0.113.0/24:443}
   * @return these assertions
   */
  public PlanAssert leavesTheClusterOnlyTo(String... destinations) {
    var allowed = Set.of(destinations);
    var others =
        plan().flows().stream()
            .filter(Flow::leavesTheCluster)
            .filter(flow -> !allowed.contains(destination(flow)))
            .map(Flow::toString)
            .toList();
    if (!others.isEmpty()) {
      failWithMessage(
          "Expected connections out of the cluster only to %s, but there are:%n%s",
          new TreeSet<>(allowed), lines(others));
    }
    return this;
  }

  /**
   * Fails unless the stack has the database, and exactly these functions may log in to it.
   *
   * @param database its name
   * @param functions names of functions
   * @return these assertions
   */
  public PlanAssert letsInto(String database, String... functions) {
    if (!plan().config().postgres().databases().containsKey(database)) {
      failWithMessage(
          "Expected a database %s, but there are %s",
          database, plan().config().postgres().databases().keySet());
    }
    return equal(
        "functions with a role in database " + database,
        Set.of(functions),
        plan().databaseRoles().entrySet().stream()
            .filter(role -> role.getValue().name().equals(database))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet()));
  }

  private Plan plan() {
    isNotNull();
    return actual;
  }

  private void function(String name) {
    if (!plan().config().functions().containsKey(name)) {
      failWithMessage(
          "Expected a function %s, but there are %s", name, plan().config().functions().keySet());
    }
  }

  private Pods pods(String function) {
    return plan().pods().stream()
        .filter(pods -> pods.name().equals(function))
        .findFirst()
        .orElseThrow();
  }

  private static String destination(Flow flow) {
    return flow.to() + ":" + flow.port();
  }

  private PlanAssert equal(String what, Object expected, Object found) {
    if (!expected.equals(found)) {
      failWithMessage(
          "Expected %s to be %s, but they are %s", what, ordered(expected), ordered(found));
    }
    return this;
  }

  private static Object ordered(Object value) {
    return value instanceof Set<?> set
        ? set.stream().map(Object::toString).sorted().toList()
        : value;
  }
}
