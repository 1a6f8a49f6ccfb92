package dev.nordfaas.components;

import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResourceOptions;
import com.pulumi.resources.CustomTimeouts;
import com.pulumi.resources.Resource;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Base class of the components: their token, and how their children are named and owned. */
abstract class Component extends ComponentResource {
  private final String name;
  private final CustomResourceOptions first;

  /**
   * The component's inputs are not sent to the engine: each shows up once, on the child that it
   * affects.
   */
  Component(Class<? extends Component> type, String name, ComponentResourceOptions options) {
    super("nordfaas:index:" + type.getSimpleName(), name, withoutDependencies(options));
    this.name = name;
    this.first = CustomResourceOptions.builder().dependsOn(options.getDependsOn()).build();
  }

  /**
   * A component has no state of its own: its children have to wait, through {@link #first}. If the
   * component waited, it could not be the target of a run that leaves out what it waits for.
   */
  private static ComponentResourceOptions withoutDependencies(ComponentResourceOptions options) {
    var kept =
        ComponentResourceOptions.builder()
            .providers(options.getProviders())
            .aliases(options.getAliases())
            .resourceTransformations(options.getResourceTransformations());
    options.getProtect().ifPresent(it -> kept.protect(it));
    options.getRetainOnDelete().ifPresent(it -> kept.retainOnDelete(it));
    options.getParent().ifPresent(kept::parent);
    return kept.build();
  }

  /** The name of a child: this component's name and a suffix. */
  final String child(String suffix) {
    return name + "-" + suffix;
  }

  /** Options of a child, which this component owns. */
  final CustomResourceOptions childOptions() {
    return CustomResourceOptions.builder().parent(this).build();
  }

  /**
   * The same options for a child that everything else of this component waits for, such as a
   * namespace: it waits for what the component itself depends on, which its children would not.
   */
  final CustomResourceOptions first(CustomResourceOptions child) {
    return CustomResourceOptions.merge(child, first);
  }

  /** Options of a child that has to wait for others without taking a value from them. */
  final CustomResourceOptions childOptions(List<Resource> dependsOn) {
    return CustomResourceOptions.builder().parent(this).dependsOn(dependsOn).build();
  }

  /** Options of a child that has to wait for others, and has to be ready within a time limit. */
  final CustomResourceOptions childOptions(List<Resource> dependsOn, Duration timeout) {
    return CustomResourceOptions.builder()
        .parent(this)
        .dependsOn(dependsOn)
        .customTimeouts(CustomTimeouts.builder().create(timeout).update(timeout).build())
        .build();
  }

  /**
   * Options of a child that holds data: Pulumi refuses to delete or replace it until it is
   * unprotected by hand.
   */
  final CustomResourceOptions protectedChildOptions() {
    return CustomResourceOptions.builder().parent(this).protect(true).build();
  }

  /** Options of a child that holds data and has to wait for others. */
  final CustomResourceOptions protectedChildOptions(List<Resource> dependsOn) {
    return CustomResourceOptions.builder().parent(this).protect(true).dependsOn(dependsOn).build();
  }

  /**
   * Options of a child that holds data, has to wait for others, and has to be ready within a time
   * limit.
   */
  final CustomResourceOptions protectedChildOptions(List<Resource> dependsOn, Duration timeout) {
    return CustomResourceOptions.merge(
        childOptions(dependsOn, timeout), CustomResourceOptions.builder().protect(true).build());
  }

  /**
   * The same options for a StatefulSet, which keeps the claims that it was created with: others
   * would replace it. Whether its volumes fit is what {@link Origin#ofVolume} checks.
   */
  static CustomResourceOptions keepingVolumes(CustomResourceOptions child) {
    return ignoring("spec.volumeClaimTemplates", child);
  }

  /** The same options for a child of which a field stays what it was. */
  static CustomResourceOptions ignoring(String field, CustomResourceOptions child) {
    return CustomResourceOptions.merge(
        child, CustomResourceOptions.builder().ignoreChanges(field).build());
  }

  /** Returns the resources of the list, followed by more. */
  static List<Resource> with(List<Resource> resources, Resource... more) {
    return Stream.concat(resources.stream(), Stream.of(more)).toList();
  }
}
