package dev.nordfaas.orderprocessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nordfaas.orderprocessor.Order.Item;
import dev.nordfaas.orderprocessor.OrderReader.InvalidOrderException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderReaderTest {
  private static final String ORDER =
      """
      {"orderId": "A-1", "customer": "Ola Nordmann", "currency": "NOK",
       "items": [{"sku": "skis", "quantity": 2, "unitPrice": 10.5},
                 {"sku": "wax", "quantity": 1, "unitPrice": 1e2}]}
      """;

  @Test
  void readsMoneyWithTwoDecimals() throws InvalidOrderException {
    assertThat(read(ORDER))
        .isEqualTo(
            new Order(
                "A-1",
                "Ola Nordmann",
                "NOK",
                List.of(
                    new Item("skis", 2, new BigDecimal("10.50")),
                    new Item("wax", 1, new BigDecimal("100.00")))));
  }

  @Test
  void addsUpExactly() throws InvalidOrderException {
    assertThat(read(ORDER.replace("10.5", "0.1")).total()).isEqualTo("100.20");
  }

  @Test
  void tellsEverythingThatIsMissingAtOnce() {
    assertThat(problems("{\"items\": [{}, 3]}"))
        .containsExactly(
            new Problem("orderId", "has to be 1 to 64 of A-Z, a-z, 0-9, _ and -"),
            new Problem("customer", "has to be a text of 1 to 200 printable characters"),
            new Problem("currency", "has to be an ISO 4217 code, such as NOK"),
            new Problem("items[0].sku", "has to be a text of 1 to 64 printable characters"),
            new Problem("items[0].quantity", "has to be a whole number from 1 to 1000000"),
            new Problem(
                "items[0].unitPrice",
                "has to be a number from 0 to 99999999.99 with at most 2 decimals"),
            new Problem("items[1]", "has to be an object"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"A-1\"          | \"A 1\"               | orderId",
        "\"A-1\"          | 1                     | orderId",
        "\"A-1\"          | null                  | orderId",
        "\"Ola Nordmann\" | \"\"                  | customer",
        "\"Ola Nordmann\" | \"a\\u0000b\"         | customer",
        "\"Ola Nordmann\" | \"\\ud800\"           | customer",
        "\"NOK\"          | \"nok\"               | currency",
        "2                | 0                     | items[0].quantity",
        "2                | 1.5                   | items[0].quantity",
        "2                | 1000001               | items[0].quantity",
        "2                | 99999999999           | items[0].quantity",
        "2                | \"2\"                 | items[0].quantity",
        "10.5             | -0.01                 | items[0].unitPrice",
        "10.5             | 0.001                 | items[0].unitPrice",
        "10.5             | 100000000             | items[0].unitPrice",
        "10.5             | \"10.5\"              | items[0].unitPrice",
        "10.5             | 1e999999999           | items[0].unitPrice",
        "10.5             | 1e-999999999          | items[0].unitPrice"
      })
  void namesTheValueThatIsWrong(String from, String to, String path) {
    assertThat(problems(ORDER.replaceFirst(from, to.replace("\\", "\\\\"))))
        .extracting(Problem::path)
        .containsExactly(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "\"skis\"", "null"})
  void wantsItems(String items) {
    assertThat(
            problems(
                "{\"orderId\":\"A-1\",\"customer\":\"Ola\",\"currency\":\"NOK\",\"items\":%s}"
                    .formatted(items)))
        .containsExactly(new Problem("items", "has to be a list of 1 to 1000 items"));
  }

  @Test
  void refusesAKeyThatWouldBeLost() {
    assertThat(problems(ORDER.replace("{\"orderId\"", "{\"coupon\": 1, \"orderId\"")))
        .containsExactly(
            new Problem("", "may only have the keys currency, customer, items, orderId"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{} {}", "{\"a\": 1, \"a\": 2}", "<order/>"})
  void refusesWhatIsNotJson(String body) {
    assertThat(problems(body)).extracting(Problem::path).containsExactly("");
  }

  @Test
  void quotesNothingOfTheBody() {
    assertThat(problems("{\"customer\": secret}").toString()).doesNotContain("secret");
  }

  private static Order read(String body) throws InvalidOrderException {
    return OrderReader.read(body.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Problem> problems(String body) {
    return catchThrowableOfType(InvalidOrderException.class, () -> read(body)).problems();
  }
}
