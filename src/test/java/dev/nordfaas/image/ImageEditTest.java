package dev.nordfaas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nordfaas.testing.Fixtures;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageEditTest {
  private static final String NEW =
      "registry.example.no/order-processor:0.2.0@sha256:" + "0".repeat(64);

  @Test
  void changesTheImageWhereverItRunsAndNothingElse() {
    var oslo = Fixtures.text("oslo");

    var edit = edit(oslo, "order-processor", NEW);

    assertThat(edit.keys())
        .containsExactly("nordfaas:functions.order-processor", "nordfaas:functions.order-status");
    assertThat(edit.text()).isEqualTo(oslo.replace("ghcr.io/nordfaas/order-processor:0.1.0", NEW));
  }

  @Test
  void changesTheImageOfTheQueueWorker() {
    var oslo = Fixtures.text("oslo");

    assertThat(edit(oslo, "queue-worker", "r/queue-worker:2").keys())
        .containsExactly("nordfaas:queueWorker");
  }

  @Test
  void changesTheFunctionOfThatNameWhereNothingRunsTheImage() {
    var edit = edit(config("quote: {image: 'r:5000/other:1', timeout: 5s} # Kjøp"), "quote", NEW);

    assertThat(edit.text()).isEqualTo(config("quote: {image: " + NEW + ", timeout: 5s} # Kjøp"));
    assertThat(edit.keys()).containsExactly("nordfaas:functions.quote");
  }

  @Test
  void knowsAnImageByItsDigestToo() {
    var before = config("a: {image: \"r:5000/x/order-processor@sha256:" + "1".repeat(64) + "\"}");

    assertThat(edit(before, "order-processor", NEW).text())
        .isEqualTo(config("a: {image: " + NEW + "}"));
  }

  @Test
  void addsAFunctionThatIsNotThere() {
    assertThat(edit(config("quote: {image: r/quote:1}"), "vat", "r/vat:1").text())
        .isEqualTo(config("vat:\n      image: r/vat:1\n    quote: {image: r/quote:1}"));
  }

  @Test
  void changesTheImageInTheFileThatAFunctionIsIn() {
    var stack = config("vat: {secrets: {rates: {secure: v1:abc}}}");
    var file = "# Rates\nvat:\n  image: r/vat:1 # of today\n";

    var edits = ImageEdit.of(stack, List.of("hello: {image: r/hello:1}\n", file), "vat", "r/vat:2");

    assertThat(edits)
        .containsExactly(
            new ImageEdit(stack, List.of()),
            new ImageEdit("hello: {image: r/hello:1}\n", List.of()),
            new ImageEdit(
                "# Rates\nvat:\n  image: r/vat:2 # of today\n", List.of("nordfaas:functions.vat")));
  }

  @Test
  void changesTheFunctionOfThatNameInItsFileWhereNothingRunsTheImage() {
    var edits =
        ImageEdit.of(
            config("a: {image: r/a:1}"), List.of("vat: {image: r/b:1}\n"), "vat", "r/vat:1");

    assertThat(edits)
        .extracting(ImageEdit::keys)
        .containsExactly(List.of(), List.of("nordfaas:functions.vat"));
    assertThat(edits.get(1).text()).isEqualTo("vat: {image: r/vat:1}\n");
  }

  @Test
  void addsAFunctionThatIsInNoFileToTheStacksOwn() {
    var edits =
        ImageEdit.of(config("a: {image: r/a:1}"), List.of("b: {image: r/b:1}\n"), "vat", "r/vat:1");

    assertThat(edits)
        .extracting(ImageEdit::keys)
        .containsExactly(List.of("nordfaas:functions.vat"), List.of());
  }

  @Test
  void saysWhatItCannotAddTo() {
    assertThatThrownBy(() -> edit("config:\n  nordfaas:functions: {}\n", "vat", "r/vat:1"))
        .hasMessage(
            "there is no nordfaas:functions with a function in lines of its own to add vat to");
    assertThatThrownBy(() -> edit("a: b\n", "vat", "r/vat:1"))
        .hasMessage("there is no config in it");
    assertThatThrownBy(() -> edit(config("vat: {timeout: 5s}"), "vat", "r/vat:1"))
        .hasMessage("nordfaas:functions.vat has no image to replace; add one");
  }

  private static ImageEdit edit(String stack, String name, String image) {
    return ImageEdit.of(stack, List.of(), name, image).get(0);
  }

  private static String config(String function) {
    return "# Blåbær \uD83C\uDDF3\nconfig:\n\n  nordfaas:functions: # these\n    "
        + function
        + "\n";
  }
}
