package dev.nordfaas.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.pulumi.core.annotations.Export;
import com.pulumi.core.annotations.Import;
import dev.nordfaas.command.remote.CopyToRemoteArgs;
import dev.nordfaas.command.remote.inputs.ConnectionArgs;
import dev.nordfaas.command.remote.inputs.ProxyConnectionArgs;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bindings against schema 1.2.1 of the Command provider; "!" marks what is required. */
class BindingsTest {
  private static final String COMMAND =
      "addPreviousOutputInEnv create delete environment logging stdin triggers update";
  private static final String CONNECTION =
      "agentSocketPath dialErrorLimit host! hostKey password perDialTimeout port privateKey"
          + " privateKeyPassword user";

  static Stream<Arguments> inputs() {
    return Stream.of(
        Arguments.of(
            dev.nordfaas.command.local.CommandArgs.class,
            COMMAND + " archivePaths assetPaths dir interpreter"),
        Arguments.of(dev.nordfaas.command.remote.CommandArgs.class, COMMAND + " connection!"),
        Arguments.of(CopyToRemoteArgs.class, "connection! remotePath! source! triggers"),
        Arguments.of(ConnectionArgs.class, CONNECTION + " proxy"),
        Arguments.of(ProxyConnectionArgs.class, CONNECTION));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void haveTheInputsOfTheSchema(Class<?> args, String schema) {
    var inputs =
        annotations(args, Import.class).map(input -> input.name() + (input.required() ? "!" : ""));

    assertThat(inputs).containsExactlyInAnyOrder(schema.split(" "));
  }

  @Test
  void haveTheOutputsOfTheSchema() {
    assertThat(outputs(dev.nordfaas.command.local.Command.class))
        .containsExactlyInAnyOrder("archive", "assets", "stderr", "stdout");
    assertThat(outputs(dev.nordfaas.command.remote.Command.class))
        .containsExactlyInAnyOrder("stderr", "stdout");
  }

  private static List<String> outputs(Class<?> resource) {
    return annotations(resource, Export.class).map(Export::name).toList();
  }

  private static <A extends java.lang.annotation.Annotation> Stream<A> annotations(
      Class<?> type, Class<A> annotation) {
    return Arrays.stream(type.getDeclaredFields())
        .flatMap(field -> Optional.ofNullable(field.getAnnotation(annotation)).stream());
  }
}
