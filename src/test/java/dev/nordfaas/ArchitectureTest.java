package dev.nordfaas;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.exceptions.RunException;
import com.pulumi.kubernetes.core.v1.inputs.ContainerArgs;
import com.pulumi.kubernetes.core.v1.inputs.EnvVarArgs;
import com.pulumi.kubernetes.core.v1.inputs.ExecActionArgs;
import com.pulumi.resources.ComponentResource;
import com.pulumi.resources.ComponentResourceOptions;
import com.pulumi.resources.CustomResource;
import com.pulumi.resources.ResourceArgs;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.nordfaas.manifest.Command;
import dev.nordfaas.manifest.Env;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The layering: pure builders below, thin components above, configuration beside them. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.nordfaas");

  private static final String[] BUILDERS = {
    "..nordfaas.host..",
    "..nordfaas.k3s..",
    "..nordfaas.nats..",
    "..nordfaas.postgres..",
    "..nordfaas.openfaas..",
    "..nordfaas.edge..",
    "..nordfaas.prometheus..",
    "..nordfaas.function..",
    "..nordfaas.manifest.."
  };

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }

  @Test
  void buildersMakeInputsAndNeverResources() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(BUILDERS)
            .should()
            .dependOnClassesThat(assignableTo(com.pulumi.resources.Resource.class)));
  }

  @Test
  void buildersDoNotKnowTheComponentsOrTheEngine() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(BUILDERS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "..nordfaas.components..",
                "..nordfaas.command",
                "..nordfaas.command.local..",
                "..nordfaas.command.remote",
                "com.pulumi.deployment..",
                "com.pulumi.context..",
                "com.pulumi"));
  }

  @Test
  void buildersOfOneComponentDoNotKnowThoseOfAnother() {
    check(
        slices()
            .matching("dev.nordfaas.(host|k3s|nats|postgres|openfaas|edge|prometheus|function)..")
            .should()
            .notDependOnEachOther()
            // K3s is made of files on a host.
            .ignoreDependency(
                resideInAPackage("..nordfaas.k3s.."), resideInAPackage("..nordfaas.host..")));
  }

  /** The kubelet expands {@code $(NAME)} and {@code $$}: text of the config has to be escaped. */
  @Test
  void variablesAndCommandsAreMadeWhereTheirTextIsEscaped() {
    check(
        noClasses()
            .that()
            .doNotBelongToAnyOf(Command.class, Env.class)
            .should()
            .callMethod(EnvVarArgs.class, "builder")
            .orShould()
            .callMethod(EnvVarArgs.class, "builder", EnvVarArgs.class)
            .orShould()
            .callMethod(ExecActionArgs.class, "builder")
            .orShould()
            .callMethod(ExecActionArgs.class, "builder", ExecActionArgs.class)
            .orShould()
            .callMethod(ContainerArgs.Builder.class, "command", String[].class)
            .orShould()
            .callMethod(ContainerArgs.Builder.class, "command", List.class)
            .orShould()
            .callMethod(ContainerArgs.Builder.class, "args", String[].class)
            .orShould()
            .callMethod(ContainerArgs.Builder.class, "args", List.class));
  }

  @Test
  void configKnowsPulumiOnlyForSecretsAndForItsException() {
    check(
        noClasses()
            .that()
            .resideInAPackage("..nordfaas.config..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("com.pulumi..")
                    .and(not(assignableTo(com.pulumi.core.Output.class)))
                    .and(not(assignableTo(RunException.class)))));
  }

  /** The records know nobody; those that check and those that describe them, not each other. */
  @Test
  void configHasFloorsOfItsOwn() {
    check(
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("records")
            .definedBy("dev.nordfaas.config")
            .layer("model")
            .definedBy("..nordfaas.config.model..")
            .layer("check")
            .definedBy("..nordfaas.config.check..")
            .layer("reference")
            .definedBy("..nordfaas.config.reference..")
            .whereLayer("records")
            .mayNotAccessAnyLayer()
            .whereLayer("model")
            .mayOnlyAccessLayers("records")
            .whereLayer("check")
            .mayOnlyAccessLayers("records", "model")
            .whereLayer("reference")
            .mayOnlyAccessLayers("records", "model"));
  }

  /** A new package is under no rule until it is listed here and, if it builds, in BUILDERS. */
  @Test
  void everyPackageIsKnown() {
    var packages =
        CLASSES.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith("dev.nordfaas."))
            .map(name -> name.split("[.]")[2])
            .collect(Collectors.toSet());
    var builders =
        Stream.of(BUILDERS).map(name -> name.replaceAll("^[.]{2}nordfaas[.]|[.]{2}$", ""));

    assertThat(packages)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    builders,
                    Stream.of(
                        "approval",
                        "command",
                        "components",
                        "config",
                        "customresource",
                        "doctor",
                        "graph",
                        "image",
                        "importer",
                        "plan",
                        "policy",
                        "render",
                        "report",
                        "scheduling",
                        "state",
                        "template",
                        "tls"))
                .toList());
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching("dev.nordfaas.(**)").should().beFreeOfCycles());
  }

  /** config, builders, plan, then policy and components, then the program and its rendering. */
  @Test
  void everyFloorKnowsOnlyThoseBelow() {
    check(
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("config")
            .definedBy("..nordfaas.config..")
            .layer("builders")
            .definedBy(BUILDERS)
            .layer("plan")
            .definedBy("..nordfaas.plan..")
            .layer("policy")
            .definedBy("..nordfaas.policy..")
            .layer("components")
            .definedBy("..nordfaas.components..")
            .layer("program")
            .definedBy(
                "dev.nordfaas",
                "..nordfaas.approval..",
                "..nordfaas.render..",
                "..nordfaas.graph..",
                "..nordfaas.image..",
                "..nordfaas.importer..",
                "..nordfaas.report..",
                "..nordfaas.state..")
            .whereLayer("program")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("policy")
            .mayOnlyBeAccessedByLayers("program")
            .whereLayer("components")
            .mayOnlyBeAccessedByLayers("program")
            .whereLayer("plan")
            .mayOnlyBeAccessedByLayers("policy", "components", "program")
            .whereLayer("builders")
            .mayOnlyBeAccessedByLayers("plan", "policy", "components", "program")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("builders", "plan", "policy", "components", "program"));
  }

  @Test
  void policyKnowsOnlyTheConfigAndWhatTheBuildersPublish() {
    check(
        noClasses()
            .that()
            .resideInAPackage("..nordfaas.policy..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "com.pulumi..", "..nordfaas.components..", "..nordfaas.command..")));
  }

  @Test
  void onlyTheConfigSourceAndTheImportReadTheEnvironment() {
    check(
        noClasses()
            .that()
            .doNotHaveSimpleName("ConfigSource")
            .and()
            .doNotHaveSimpleName("ImportCommand")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class));
  }

  @Test
  void componentsLiveInOnePackageAndHaveOneConstructor() {
    check(
        classes()
            .that()
            .areAssignableTo(ComponentResource.class)
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .should()
            .resideInAPackage("dev.nordfaas.components")
            .andShould()
            .haveOnlyFinalFields()
            .andShould(
                have(
                    new DescribedPredicate<JavaClass>(
                        "exactly one constructor (String, <Class>Args, ComponentResourceOptions)") {
                      @Override
                      public boolean test(JavaClass type) {
                        var parameters =
                            type.getConstructors().stream()
                                .map(
                                    constructor ->
                                        constructor.getRawParameterTypes().stream()
                                            .map(JavaClass::getName)
                                            .toList())
                                .toList();
                        return parameters.equals(
                            java.util.List.of(
                                java.util.List.of(
                                    String.class.getName(),
                                    type.getName() + "Args",
                                    ComponentResourceOptions.class.getName())));
                      }
                    })));
  }

  @Test
  void argsAreFinalClassesNextToTheirComponent() {
    check(
        classes()
            .that()
            .areAssignableTo(ResourceArgs.class)
            .and()
            .resideInAPackage("..nordfaas.components..")
            .should()
            .haveModifier(JavaModifier.FINAL)
            .andShould()
            .haveSimpleNameEndingWith("Args"));
  }

  @Test
  void nothingButTheBindingsDefinesCustomResources() {
    check(
        classes()
            .that()
            .areAssignableTo(CustomResource.class)
            .should()
            .resideInAnyPackage("..nordfaas.command..", "..nordfaas.customresource.."));
  }

  @Test
  void everyPackageIsNullMarked() {
    check(
        classes()
            .should(
                new ArchCondition<JavaClass>("live in a package that is @NullMarked") {
                  @Override
                  public void check(JavaClass type, ConditionEvents events) {
                    var marked =
                        type.getPackage()
                            .isAnnotatedWith(org.jspecify.annotations.NullMarked.class);
                    events.add(new SimpleConditionEvent(type, marked, type.getPackageName()));
                  }
                }));
  }
}
