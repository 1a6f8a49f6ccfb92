package dev.nordfaas.openfaas;

import com.pulumi.kubernetes.apiextensions.v1.CustomResourceDefinitionArgs;
import com.pulumi.kubernetes.apiextensions.v1.inputs.CustomResourceDefinitionNamesArgs;
import com.pulumi.kubernetes.apiextensions.v1.inputs.CustomResourceDefinitionSpecArgs;
import com.pulumi.kubernetes.apiextensions.v1.inputs.CustomResourceDefinitionVersionArgs;
import com.pulumi.kubernetes.apiextensions.v1.inputs.CustomResourceValidationArgs;
import com.pulumi.kubernetes.apiextensions.v1.inputs.JSONSchemaPropsArgs;
import dev.nordfaas.manifest.Metadata;
import java.util.Map;

/**
 * The kind {@code Profile}, which the provider of the standard edition watches. There are none
 * here, as functions are deployed by the stack; but a program that watches a kind that does not
 * exist never gets ready.
 */
public final class OpenFaasProfiles {
  static final String GROUP = "openfaas.com";
  static final String PLURAL = "profiles";

  private OpenFaasProfiles() {}

  /** The definition, without a schema, as there are no objects. */
  public static CustomResourceDefinitionArgs definition() {
    return CustomResourceDefinitionArgs.builder()
        .metadata(Metadata.ofCluster(PLURAL + "." + GROUP, Gateway.LABELS))
        .spec(
            CustomResourceDefinitionSpecArgs.builder()
                .group(GROUP)
                .scope("Namespaced")
                .names(
                    CustomResourceDefinitionNamesArgs.builder()
                        .kind("Profile")
                        .listKind("ProfileList")
                        .plural(PLURAL)
                        .singular("profile")
                        .build())
                .versions(
                    CustomResourceDefinitionVersionArgs.builder()
                        .name("v1")
                        .served(true)
                        .storage(true)
                        .schema(
                            CustomResourceValidationArgs.builder()
                                .openAPIV3Schema(
                                    JSONSchemaPropsArgs.builder()
                                        .type("object")
                                        .properties(
                                            Map.of(
                                                "spec",
                                                JSONSchemaPropsArgs.builder()
                                                    .type("object")
                                                    .build()))
                                        .build())
                                .build())
                        .build())
                .build())
        .build();
  }
}
