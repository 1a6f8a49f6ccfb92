package dev.nordfaas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nordfaas.testing.Fixtures;
import org.junit.jupiter.api.Test;

class ImageEditTest {
  private static final String NEW =
      "registry.example.no/order-processor:0.2.0@sha256:" + "0".repeat(64);

  @Test
  void changesTheImageWhereverItRunsAndNothingElse() {
    var oslo = Fixtures.text("oslo");

    var edit = ImageEdit.of(oslo, "order-processor", NEW);

    assertThat(edit.keys())
        .containsExactly("nordfaas:functions.order-processor", "nordfaas:functions.order-status");
    assertThat(edit.text()).isEqualTo(oslo.replace("ghcr.io/nordfaas/order-processor:0.1.0", NEW));
  }

  @Test
  void changesTheImageOfTheQueueWorker() {
    var oslo = Fixtures.text("oslo");

    assertThat(ImageEdit.of(oslo, "queue-worker", "r/queue-worker:2").keys())
        .containsExactly("nordfaas:queueWorker");
  }

  @Test
  void changesTheFunctionOfThatNameWhereNothingRunsTheImage() {
    var edit =
        ImageEdit.of(config("quote: {image: 'r:5000/other:1', timeout: 5s} # Kjøp"), "quote", NEW);

    assertThat(edit.text()).isEqualTo(config("quote: {image: " + NEW + ", timeout: 5s} # Kjøp"));
    assertThat(edit.keys()).containsExactly("nordfaas:functions.quote");
  }

  @Test
  void knowsAnImageByItsDigestToo() {
    var before = config("a: {image: \"r:5000/x/order-processor@sha256:" + "1".repeat(64) + "\"}");

    assertThat(ImageEdit.of(before, "order-processor", NEW).text())
        .isEqualTo(config("a: {image: " + NEW + "}"));
  }

  @Test
  void addsAFunctionThatIsNotThere() {
    assertThat(ImageEdit.of(config("quote: {image: r/quote:1}"), "vat", "r/vat:1").text())
        .isEqualTo(config("vat:\n      image: r/vat:1\n    quote: {image: r/quote:1}"));
  }

  @Test
  void saysWhatItCannotAddTo() {
    assertThatThrownBy(() -> ImageEdit.of("config:\n  nordfaas:functions: {}\n", "vat", "r/vat:1"))
        .hasMessage(
            "there is no nordfaas:functions with a function in lines of its own to add vat to");
    assertThatThrownBy(() -> ImageEdit.of("a: b\n", "vat", "r/vat:1"))
        .hasMessage("there is no config in it");
    assertThatThrownBy(() -> ImageEdit.of(config("vat: {timeout: 5s}"), "vat", "r/vat:1"))
        .hasMessage("nordfaas:functions.vat has no image to replace; add one");
  }

  private static String config(String function) {
    return "# Blåbær \uD83C\uDDF3\nconfig:\n\n  nordfaas:functions: # these\n    "
        + function
        + "\n";
  }
}
