package dev.nordfaas.queueworker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.jsoncheck.StrictJson;
import dev.nordfaas.queueworker.testing.NatsServer;
import dev.nordfaas.queueworker.testing.Role;
import dev.nordfaas.queueworker.testing.Streams;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each part of a request is stored with it, or refused: a 202 hides nothing that was dropped. */
class NothingLostTest {
  private static final String ORDER = "{\"orderId\":\"o-1\"}";
  private static final String QUERY_RULE =
      "the query may only contain letters, digits, -._~!$&'()*+,;=:@/? and %XX for anything else";

  @RegisterExtension private static final NatsServer server = NatsServer.start();
  private Streams streams;
  private Role intake;

  @BeforeEach
  void start() {
    streams = Streams.create(server);
    intake = Role.intake(server);
  }

  @AfterEach
  void stop() {
    intake.close();
    streams.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tenant=7",
        "a=1&a=2&b",
        "text=a%0ab%00%C3%A5",
        "x=!$&'()*+,;=:@/?-._~",
        "=",
        "?",
        "%7Bjson%7D"
      })
  void storesTheQueryAsItIs(String query) throws Exception {
    assertThat(raw(post("/orders?" + query, ""))).startsWith("HTTP/1.1 202");

    var headers = streams.stored(1).getHeaders();
    assertThat(headers.get("Nordfaas-Query")).containsExactly(query);
    assertThat(headers.keySet())
        .containsExactlyInAnyOrder("Content-Type", "Nats-Msg-Id", "Nordfaas-Query");
  }

  @Test
  void storesNoHeaderForNoQuery() throws Exception {
    raw(post("/orders", ""));
    raw(post("/orders?", ""));

    for (var sequence = 1; sequence <= 2; sequence++) {
      assertThat(streams.stored(sequence).getHeaders().keySet()).doesNotContain("Nordfaas-Query");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=%",
        "a=%0",
        "a=%0g",
        "a=\"1\"",
        "a=<b>",
        "a=[1]",
        "a={1}",
        "a=1|2",
        "a=\\",
        "a=^",
        "a=`",
        "a=1#b",
        "a=\u00e5"
      })
  void refusesAQueryWithOtherCharacters(String query) throws IOException {
    assertThat(raw(post("/orders?" + query, ""))).startsWith("HTTP/1.1 400");
    assertThat(streams.count(Streams.ORDERS)).isZero();
  }

  @Test
  void saysWhichCharactersAQueryMayHave() throws IOException {
    assertThat(detail(raw(post("/orders?a=[1]", "")))).isEqualTo(QUERY_RULE);
  }

  @Test
  void refusesALongQuery() throws IOException {
    assertThat(raw(post("/orders?" + "a".repeat(2048), ""))).startsWith("HTTP/1.1 202");
    var answer = raw(post("/orders?" + "a".repeat(2049), ""));
    assertThat(answer).startsWith("HTTP/1.1 414");
    assertThat(detail(answer))
        .isEqualTo("the query is longer than the 2048 characters that this path accepts");
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  @Test
  void noClientNamesTheQueryInAHeader() throws Exception {
    raw(post("/orders", "Nordfaas-Query: admin=1\r\n"));

    assertThat(streams.stored(1).getHeaders())
        .extracting(headers -> headers.keySet())
        .asString()
        .doesNotContain("Nordfaas-Query");
  }

  @Test
  void refusesTheSameKeyForAnotherQuery() throws IOException {
    assertThat(intake.post("/orders?tenant=7", ORDER, "Idempotency-Key", "k").statusCode())
        .isEqualTo(202);
    assertThat(intake.post("/orders?tenant=7", ORDER, "Idempotency-Key", "k").body())
        .contains("\"duplicate\":true");

    for (var path : List.of("/orders?tenant=8", "/orders", "/orders?tenant=7&")) {
      var other = intake.post(path, ORDER, "Idempotency-Key", "k");
      assertThat(other.statusCode()).as(path).isEqualTo(422);
      assertThat(other.body()).contains("this Idempotency-Key belongs to another request");
    }
    assertThat(streams.count(Streams.ORDERS)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/orders/",
        "/orders/7",
        "//orders",
        "/Orders",
        "/%6frders",
        "/orders;a=1",
        "/orders%3Fa",
        "/./orders"
      })
  void knowsTheRoutesPathAndNoOther(String path) throws IOException {
    var answer = raw(post(path, ""));

    assertThat(answer).startsWith("HTTP/1.1 404");
    assertThat(detail(answer)).isEqualTo("there is nothing at this path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"})
  void takesNoOtherMethod(String method) throws IOException {
    var answer = raw(post("/orders", "").replaceFirst("POST", method));

    assertThat(answer).startsWith("HTTP/1.1 405").containsIgnoringCase("allow: POST");
    assertThat(streams.count(Streams.ORDERS)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Content-Type: text/plain                       | 400 | header Content-Type may be there only once",
        "Content-Encoding: gzip                         | 415 | this path only accepts Content-Type: application/json, uncompressed",
        "Content-Encoding: identity, gzip               | 415 | this path only accepts Content-Type: application/json, uncompressed",
        "Transfer-Encoding: gzip, chunked               | 501 | the only Transfer-Encoding that this path knows is chunked",
        "Expect: 200-ok                                 | 417 | the only expectation that this path meets is 100-continue",
        "Trailer: X-Checksum                            | 400 | trailers are not passed on; send them as headers",
        "X-Callback-Url: http://a/~X-Callback-Url: http://b/ | 400 | header X-Callback-Url may be there only once",
        "Content-Encoding: identity~Content-Encoding: br | 415 | this path only accepts Content-Type: application/json, uncompressed"
      })
  void refusesWhatItWouldDrop(String headers, int status, String detail) throws IOException {
    var answer = raw(post("/orders", headers.replace("~", "\r\n") + "\r\n"));

    assertThat(answer).startsWith("HTTP/1.1 " + status);
    assertThat(detail(answer)).isEqualTo(detail);
    assertThat(streams.count(Streams.ORDERS)).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "application/json; charset=iso-8859-1, 415",
    "application/json;charset=\"UTF-16\", 415",
    "application/json; profile=x; charset=latin1, 415",
    "application/json; charset=utf-8, 202",
    "application/json;charset=\"UTF-8\", 202",
    "application/json; profile=\"charset\", 202"
  })
  void takesNoOtherCharset(String type, int status) throws IOException {
    var answer =
        raw(post("/orders", "").replace("Content-Type: application/json", "Content-Type: " + type));

    assertThat(answer).startsWith("HTTP/1.1 " + status);
    if (status == 415) {
      assertThat(detail(answer))
          .isEqualTo("JSON is UTF-8; Content-Type must not name another charset");
    }
  }

  @Test
  void storesAllValuesOfAHeader() throws Exception {
    raw(post("/orders", "X-Tag: a\r\nX-Tag: b\r\n"));

    assertThat(streams.stored(1).getHeaders().get("X-Tag")).containsExactly("a", "b");
  }

  private static String post(String target, String headers) {
    return "POST "
        + target
        + " HTTP/1.1\r\nHost: intake\r\nContent-Type: application/json\r\nConnection: close\r\n"
        + headers
        + (headers.contains("Transfer-Encoding")
            ? ""
            : "Content-Length: " + ORDER.length() + "\r\n")
        + "\r\n"
        + (headers.contains("Transfer-Encoding") ? "0\r\n\r\n" : ORDER);
  }

  private static String detail(String answer) {
    return StrictJson.MAPPER
        .readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4))
        .path("detail")
        .asString();
  }

  private String raw(String request) throws IOException {
    try (var socket = new Socket("127.0.0.1", intake.url("/").getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
