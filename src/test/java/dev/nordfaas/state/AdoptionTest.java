package dev.nordfaas.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code preview.json} is of {@code pulumi preview --json} 3.259 and shortened, {@code found.json}
 * of {@code kubectl get --output json} 1.34.
 */
class AdoptionTest {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String STACK = "urn:pulumi:oslo::nordfaas::";
  private static final String CLUSTER = STACK + "nordfaas:index:K3sCluster::oslo";
  private static final String PROVIDER =
      STACK + "nordfaas:index:K3sCluster$pulumi:providers:kubernetes::oslo-provider";

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static String recorded(String name) {
    try (var file = AdoptionTest.class.getResourceAsStream("/adopt/" + name)) {
      return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static JsonNode preview() {
    return MAPPER.readTree(recorded("preview.json"));
  }

  /** As the preview is once the state has the provider. */
  private static String previewWithProvider() {
    return recorded("preview.json")
        .replaceAll(
            "\"op\": \"create\",(\\s+\"urn\": \"[^\"]*(K3sCluster::oslo|oslo-provider)\")",
            "\"op\": \"same\",$1");
  }

  private static PlannedObject planned(String text) {
    return PlannedObject.of(preview()).stream()
        .filter(object -> object.text().equals(text))
        .findFirst()
        .orElseThrow();
  }

  private static List<JsonNode> found() {
    var all = new ArrayList<JsonNode>();
    MAPPER.readTree(recorded("found.json")).path("items").forEach(all::add);
    return all;
  }

  private static List<String> texts(List<PlannedObject> objects) {
    return objects.stream().map(PlannedObject::text).toList();
  }

  private int run(String input, String... args) throws IOException {
    return AdoptCommand.run(
        args,
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private Path previewFile() throws IOException {
    return Files.writeString(folder.resolve("preview.json"), recorded("preview.json"));
  }

  private Path previewFileWithProvider() throws IOException {
    return Files.writeString(folder.resolve("preview.json"), previewWithProvider());
  }

  @Test
  void writesTheFileOnceTheStateHasTheProvider() throws IOException {
    var file = folder.resolve("import.json");

    run(recorded("found.json"), "compare", previewFileWithProvider().toString(), file.toString());

    assertThat(MAPPER.readTree(Files.readString(file)).at("/resources")).hasSize(5);
  }

  @Test
  void looksForTheObjectsThatWouldBeCreatedAndForNothingElse() {
    assertThat(texts(PlannedObject.of(preview())))
        .containsExactly(
            "PriorityClass nordfaas-data",
            "Namespace nats",
            "StatefulSet nats/nats",
            "Service nats/nats",
            "Secret nats/nats-tls",
            "Job nats/nats-streams",
            "Deployment openfaas/gateway");
  }

  @Test
  void takesWhatIsThereAndCanBeChanged() {
    var adoption = Adoption.of(PlannedObject.of(preview()), found());

    assertThat(texts(adoption.adopted()))
        .containsExactly(
            "PriorityClass nordfaas-data", "Namespace nats", "Deployment openfaas/gateway");
  }

  @Test
  void namesTheFieldsThatKubernetesDoesNotChange() {
    var adoption = Adoption.of(PlannedObject.of(preview()), found());

    assertThat(adoption.conflicts().get(planned("StatefulSet nats/nats")))
        .containsExactly(
            "spec.serviceName is nats-headless, and would be nats",
            "spec.podManagementPolicy is OrderedReady, and would be Parallel");
    assertThat(adoption.conflicts().get(planned("Service nats/nats")))
        .containsExactly("spec.clusterIP is 10.43.7.9, and would be None");
    assertThat(adoption.conflicts().get(planned("Secret nats/nats-tls")))
        .containsExactly("type is kubernetes.io/tls, and would be Opaque");
  }

  /** Kubernetes fills in what is missing; a preview has numbers with decimals. */
  @Test
  void doesNotTakeDefaultsAndDecimalsForDifferences() {
    var priority = planned("PriorityClass nordfaas-data");
    var existing =
        MAPPER.readTree(
            """
            {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "value": 1000000,
             "metadata": {"name": "nordfaas-data"}, "preemptionPolicy": "PreemptLowerPriority"}
            """);

    assertThat(FixedFields.differences(priority, existing)).isEmpty();
  }

  @Test
  void aSecretThatIsImmutableIsInTheWay() {
    var existing =
        MAPPER.readTree("{\"kind\": \"Secret\", \"type\": \"Opaque\", \"immutable\": true}");

    assertThat(FixedFields.differences(planned("Secret nats/nats-tls"), existing))
        .containsExactly("immutable is true, so that nothing in it can change");
  }

  @Test
  void anotherVersionOfTheSameGroupIsTheSameObject() {
    var found =
        MAPPER.readTree(
            "{\"apiVersion\": \"apps/v1beta1\", \"kind\": \"Deployment\", \"metadata\": {\"name\": \"gateway\","
                + " \"namespace\": \"openfaas\"}}");

    assertThat(PlannedObject.key(found, "openfaas/gateway"))
        .isEqualTo(planned("Deployment openfaas/gateway").key());
  }

  @Test
  void writesWhatPulumiImports() {
    var file = ImportFile.of(preview(), List.of(planned("Namespace nats")));

    assertThat(file)
        .isEqualTo(
            MAPPER.readTree(
                """
                {
                  "nameTable": {"pulumi:providers:kubernetes oslo-provider": "%s"},
                  "resources": [
                    {"type": "nordfaas:index:NatsJetStream", "name": "nordfaas:index:NatsJetStream nats",
                     "logicalName": "nats", "component": true},
                    {"type": "kubernetes:core/v1:Namespace", "name": "kubernetes:core/v1:Namespace nats-namespace",
                     "logicalName": "nats-namespace", "parent": "nordfaas:index:NatsJetStream nats",
                     "id": "nats", "provider": "pulumi:providers:kubernetes oslo-provider"}
                  ]
                }
                """
                    .formatted(PROVIDER)));
  }

  @Test
  void namesAParentThatTheStateHasByItsUrn() {
    var preview =
        MAPPER.readTree(
            recorded("preview.json")
                .replaceFirst(
                    "\"op\": \"create\",(\\s+\"urn\": \"[^\"]*NatsJetStream::nats\")",
                    "\"op\": \"same\",$1"));

    var file = ImportFile.of(preview, List.of(planned("Namespace nats")));

    assertThat(file.at("/nameTable/nordfaas:index:NatsJetStream nats").asString(""))
        .isEqualTo(STACK + "nordfaas:index:NatsJetStream::nats");
    assertThat(file.at("/resources")).hasSize(1);
  }

  @Test
  void listsAParentOnceAndBeforeItsParts() {
    var objects = PlannedObject.of(preview());

    var names =
        ImportFile.of(preview(), objects)
            .path("resources")
            .valueStream()
            .map(resource -> resource.path("logicalName").asString(""))
            .toList();

    assertThat(names).containsOnlyOnce("nats", "openfaas");
    assertThat(names.indexOf("nats")).isLessThan(names.indexOf("nats-namespace"));
  }

  @Test
  void namesTheProviderThatTheStateHasToHaveFirst() {
    var objects = PlannedObject.of(preview());
    var existing = MAPPER.readTree(previewWithProvider());

    assertThat(ImportFile.missingProviders(preview(), objects)).containsExactly(CLUSTER, PROVIDER);
    assertThat(ImportFile.missingProviders(existing, objects)).isEmpty();
  }

  @Test
  void asksForEachKindApart() throws IOException {
    var asked = Files.createDirectory(folder.resolve("asked"));

    assertThat(run("", "ask", previewFile().toString(), asked.toString())).isZero();

    try (var files = Files.list(asked)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "apps.v1.Deployment.json",
              "apps.v1.StatefulSet.json",
              "batch.v1.Job.json",
              "scheduling.k8s.io.v1.PriorityClass.json",
              "v1.Namespace.json",
              "v1.Secret.json",
              "v1.Service.json");
    }
    assertThat(MAPPER.readTree(Files.readString(asked.resolve("v1.Secret.json"))))
        .isEqualTo(
            MAPPER.readTree(
                """
                {"apiVersion": "v1", "kind": "List", "items": [
                  {"apiVersion": "v1", "kind": "Secret", "metadata": {"namespace": "nats", "name": "nats-tls"}}]}
                """));
  }

  @Test
  void saysWhatBecomesOfEachAndWhatToDo() throws IOException {
    var file = folder.resolve("import.json");

    assertThat(run(recorded("found.json"), "compare", previewFile().toString(), file.toString()))
        .isEqualTo(1);

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            The cluster has 7 of the 7 objects that `up` would create.

            can be imported (3):
              PriorityClass nordfaas-data
              Namespace nats
              Deployment openfaas/gateway

            differ in what Kubernetes does not change (3): move what they hold, then delete them:
              StatefulSet nats/nats
                spec.serviceName is nats-headless, and would be nats
                spec.podManagementPolicy is OrderedReady, and would be Parallel
              Service nats/nats
                spec.clusterIP is 10.43.7.9, and would be None
              Secret nats/nats-tls
                type is kubernetes.io/tls, and would be Opaque

            Jobs (1), which hold nothing and cannot be changed: delete them:
              kubectl delete job --namespace nats nats-streams

            Helm believes that it owns some of them, and `helm uninstall` or `helm upgrade` would undo `up`. Once they are imported, make it forget the release, which deletes nothing else:
              kubectl delete secret --namespace openfaas --selector owner=helm,name=openfaas

            First the state needs the provider of the cluster. `tools/stack up` with these changes nothing in the cluster; then run this again:
              --target '%s' --target '%s'
            """
                .formatted(CLUSTER, PROVIDER));
    assertThat(file).doesNotExist();
  }

  /** kubectl prints one object as itself, several as a list, none as nothing. */
  @Test
  void readsWhatKubectlPrintsForSeveralKinds() throws IOException {
    var namespace =
        "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \"nats\"}}";

    assertThat(
            run(
                namespace + "\n{\"kind\": \"List\", \"items\": []}\n",
                "compare",
                previewFileWithProvider().toString(),
                folder.resolve("import.json").toString()))
        .isZero();

    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("The cluster has 1 of the 7 objects that `up` would create.\n");
  }

  /** No secret of the cluster gets into the file or onto the screen. */
  @Test
  void tellsNobodyWhatSecretsHold() throws IOException {
    var file = folder.resolve("import.json");

    run(recorded("found.json"), "compare", previewFileWithProvider().toString(), file.toString());

    assertThat(recorded("found.json")).contains("c2VjcmV0");
    assertThat(Files.readString(file) + out + err).doesNotContain("c2VjcmV0");
  }

  @Test
  void anEmptyClusterHasNothingInTheWay() throws IOException {
    assertThat(
            run("", "compare", previewFile().toString(), folder.resolve("import.json").toString()))
        .isZero();

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("The cluster has 0 of the 7 objects that `up` would create.\n");
  }

  @Test
  void explainsItself() throws IOException {
    assertThat(run("", "--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: ");
    assertThat(run("", "import")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("Usage: ");
  }
}
