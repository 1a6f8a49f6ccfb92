package dev.nordfaas.orderprocessor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nordfaas.jsoncheck.Problem;
import dev.nordfaas.orderprocessor.Order.Item;
import dev.nordfaas.orderprocessor.OrderReader.InvalidOrderException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

  @ParameterizedTest
  @ValueSource(strings = {"2.0", "2e0", "20e-1"})
  void readsWholeNumbersHoweverTheyAreWritten(String quantity) throws InvalidOrderException {
    assertThat(read(ORDER.replace("\"quantity\": 2", "\"quantity\": " + quantity)))
        .isEqualTo(read(ORDER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.0", "0e-999999999", "0e999999999"})
  @Timeout(10)
  void readsAnyZero(String price) throws InvalidOrderException {
    assertThat(read(ORDER.replace("10.5", price)).items().get(0).unitPrice()).isEqualTo("0.00");
  }

  @Test
  void tellsEverythingThatIsMissingAtOnce() {
    assertThat(problems("{\"items\": [{}, 3]}"))
        .extracting(Problem::text)
        .containsExactlyInAnyOrder(
            ": required property 'orderId' not found",
            ": required property 'customer' not found",
            ": required property 'currency' not found",
            "/items/0: required property 'sku' not found",
            "/items/0: required property 'quantity' not found",
            "/items/0: required property 'unitPrice' not found",
            "/items/1: integer found, object expected");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"A-1\"          | \"A 1\"               | /orderId: does not match the regex pattern ^[A-Za-z0-9_-]{1,64}$",
        "\"A-1\"          | \"A-1\\n\"            | /orderId: does not match the regex pattern ^[A-Za-z0-9_-]{1,64}$",
        "\"A-1\"          | 1                     | /orderId: integer found, string expected",
        "\"A-1\"          | null                  | /orderId: null found, string expected",
        "\"Ola Nordmann\" | \"\"                  | /customer: must be at least 1 characters long",
        "\"Ola Nordmann\" | \"a\\u0000b\"         | /customer: does not match the regex pattern ^[^\\p{Cc}\\p{Cs}]*$",
        "\"Ola Nordmann\" | \"a\\nb\"             | /customer: does not match the regex pattern ^[^\\p{Cc}\\p{Cs}]*$",
        "\"Ola Nordmann\" | \"a\\u007f\"          | /customer: does not match the regex pattern ^[^\\p{Cc}\\p{Cs}]*$",
        "\"Ola Nordmann\" | \"\\ud800\"           | a text contains half of a surrogate pair, which is no character",
        "\"skis\"         | \"a\\tb\"             | /items/0/sku: does not match the regex pattern ^[^\\p{Cc}\\p{Cs}]*$",
        "\"NOK\"          | \"nok\"               | /currency: must be the constant value 'NOK'",
        ": 2,             | : 0,                  | /items/0/quantity: must have a minimum value of 1",
        ": 2,             | : -0,                 | /items/0/quantity: must have a minimum value of 1",
        ": 2,             | : 1.5,                | /items/0/quantity: number found, integer expected",
        ": 2,             | : 1000001,            | /items/0/quantity: must have a maximum value of 1000000",
        ": 2,             | : 1e30,               | /items/0/quantity: must have a maximum value of 1000000",
        ": 2,             | : 1e999999999,        | /items/0/quantity: must have a maximum value of 1000000",
        ": 2,             | : 1e99999999999,      | a number has an exponent of more than nine digits",
        ": 2,             | : \"2\",              | /items/0/quantity: string found, integer expected",
        "10.5             | -0.01                 | /items/0/unitPrice: must have a minimum value of 0",
        "10.5             | 0.001                 | /items/0/unitPrice: must be multiple of 0.01",
        "10.5             | 19.999                | /items/0/unitPrice: must be multiple of 0.01",
        "10.5             | 0.30000000000000004   | /items/0/unitPrice: must be multiple of 0.01",
        "10.5             | 1e-400                | /items/0/unitPrice: must be multiple of 0.01",
        "10.5             | 1e-999999999          | /items/0/unitPrice: must be multiple of 0.01",
        "10.5             | 100000000             | /items/0/unitPrice: must have a maximum value of 99999999.99",
        "10.5             | 1e999999999           | /items/0/unitPrice: must have a maximum value of 99999999.99",
        "10.5             | \"10.5\"              | /items/0/unitPrice: string found, number expected"
      })
  @Timeout(10)
  void saysWhatIsWrong(String from, String to, String problem) {
    assertThat(problems(ORDER.replaceFirst(from, to.replace("\\", "\\\\"))))
        .extracting(Problem::text)
        .containsExactly(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]       | /items: must have at least 1 items but found 0",
        "{}       | /items: object found, array expected",
        "\"skis\" | /items: string found, array expected",
        "null     | /items: null found, array expected"
      })
  void wantsItems(String items, String problem) {
    assertThat(
            problems(
                "{\"orderId\":\"A-1\",\"customer\":\"Ola\",\"currency\":\"NOK\",\"items\":%s}"
                    .formatted(items)))
        .extracting(Problem::text)
        .containsExactly(problem);
  }

  @Test
  void refusesAKeyThatWouldBeLost() {
    assertThat(problems(ORDER.replace("{\"orderId\"", "{\"coupon\": 1, \"orderId\"")))
        .extracting(Problem::text)
        .containsExactly(
            ": property 'coupon' is not defined in the schema and the schema does not allow"
                + " additional properties");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{} {}", "{\"a\": 1, \"a\": 2}", "<order/>", "\ufeff{}"})
  void refusesWhatIsNotJson(String body) {
    assertThat(problems(body)).extracting(Problem::rule).containsExactly(Problem.JSON);
  }

  private static Order read(String body) throws InvalidOrderException {
    return OrderReader.read(body.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Problem> problems(String body) {
    return catchThrowableOfType(InvalidOrderException.class, () -> read(body)).problems();
  }
}
