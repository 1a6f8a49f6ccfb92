package dev.nordfaas.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSchemaTest {
  private static final Schema ORDER =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(
              RequestSchema.read("functions/order-processor/order.schema.json").toString(),
              InputFormat.JSON);

  @Test
  void acceptsAnOrder() {
    assertThat(
            ORDER.validate(
                """
                {"orderId": "A-1", "customer": "Ola Nordmann", "currency": "NOK",
                 "items": [{"sku": "kaffe", "quantity": 2, "unitPrice": 49.9}]}
                """,
                InputFormat.JSON))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{}",
        "{\"orderId\": \"A 1\", \"customer\": \"Ola\", \"currency\": \"NOK\", \"items\": [{\"sku\": \"a\", \"quantity\": 1, \"unitPrice\": 1}]}",
        "{\"orderId\": \"A1\", \"customer\": \"\", \"currency\": \"NOK\", \"items\": [{\"sku\": \"a\", \"quantity\": 1, \"unitPrice\": 1}]}",
        "{\"orderId\": \"A1\", \"customer\": \"Ola\", \"currency\": \"EUR\", \"items\": [{\"sku\": \"a\", \"quantity\": 1, \"unitPrice\": 1}]}",
        "{\"orderId\": \"A1\", \"customer\": \"Ola\", \"currency\": \"NOK\", \"items\": []}",
        "{\"orderId\": \"A1\", \"customer\": \"Ola\", \"currency\": \"NOK\", \"items\": [{\"sku\": \"a\", \"quantity\": 0, \"unitPrice\": 1}]}"
      })
  void refusesWhatIsNone(String json) {
    assertThat(ORDER.validate(json, InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void refusesWhatIsNoObject(@TempDir Path folder) throws IOException {
    var file = Files.writeString(folder.resolve("schema.json"), "true");

    assertThatThrownBy(() -> RequestSchema.read(file.toString()))
        .hasMessage("is not a JSON object");
  }

  @Test
  void refusesWhatIsTooLarge(@TempDir Path folder) throws IOException {
    var file =
        Files.writeString(folder.resolve("schema.json"), " ".repeat(RequestSchema.MAX_BYTES + 1));

    assertThatThrownBy(() -> RequestSchema.read(file.toString()))
        .hasMessage("is larger than 32 KiB");
  }
}
