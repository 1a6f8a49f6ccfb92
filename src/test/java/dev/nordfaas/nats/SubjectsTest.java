package dev.nordfaas.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectsTest {

  @ParameterizedTest
  @CsvSource({
    "orders.created, orders.created, true",
    "orders.created, orders.paid, false",
    "orders.>, orders.created, true",
    "orders.>, orders.created.no, true",
    "orders.>, orders, false",
    "orders.*, orders.created, true",
    "orders.*, orders.created.no, false",
    "*.created, orders.>, true",
    "*.created, orders.*, true",
    "*.created, orders.paid, false",
    "orders.*.no, orders.created.>, true",
  })
  void overlapWhereOneSubjectFitsBoth(String left, String right, boolean expected) {
    assertThat(Subjects.overlap(left, right)).isEqualTo(expected);
    assertThat(Subjects.overlap(right, left)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "orders.>, orders.created, true",
    "orders.>, orders.*, true",
    "orders.>, orders.>, true",
    "orders.>, orders, false",
    "orders.*, orders.created, true",
    "orders.*, orders.>, false",
    "orders.*, orders.*.eu, false",
    "orders.created, orders.*, false",
    "orders.created, orders.created, true",
    "*.created, orders.*, false",
    "*.*, orders.*, true",
    "*.*, orders.>, false"
  })
  void covers(String filter, String other, boolean expected) {
    assertThat(Subjects.covers(filter, other)).isEqualTo(expected);
  }
}
