package dev.nordfaas.queueworker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nordfaas.queueworker.intake.Admission.Ticket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final Admission admission = new Admission(2, 100, 3);
  private final List<String> admitted = new ArrayList<>();

  @Test
  void letsInAsManyAsItMay() {
    enter("a", 10);
    enter("b", 10);
    enter("c", 10);

    assertThat(admitted).containsExactly("a", "b");
    assertThat(admission.inside()).isEqualTo(2);
    assertThat(admission.waiting()).isEqualTo(1);
  }

  @Test
  void letsTheNextInWhenOneLeaves() {
    var a = enter("a", 10);
    enter("b", 10);
    enter("c", 10);
    enter("d", 10);

    admission.leave(a);

    assertThat(admitted).containsExactly("a", "b", "c");
  }

  @Test
  void letsInNoMoreBytesThanItMay() {
    var a = enter("a", 60);
    enter("b", 60);

    assertThat(admitted).containsExactly("a");
    admission.leave(a);
    assertThat(admitted).containsExactly("a", "b");
  }

  @Test
  void letsALargeOneInAlone() {
    var large = enter("large", 1000);
    enter("small", 1);

    assertThat(admitted).containsExactly("large");
    admission.leave(large);
    assertThat(admitted).containsExactly("large", "small");
  }

  @Test
  void doesNotLetTheSmallOvertakeTheLarge() {
    enter("a", 60);
    enter("large", 80);
    enter("small", 1);

    assertThat(admitted).containsExactly("a");
  }

  @Test
  void refusesWhenTooManyWait() {
    for (var name : List.of("a", "b", "c", "d", "e")) {
      enter(name, 10);
    }

    assertThat(admission.enter(new Ticket(10, () -> admitted.add("f")))).isFalse();
  }

  @Test
  void forgetsWhoGivesUpWaiting() {
    var a = enter("a", 10);
    enter("b", 10);
    var c = enter("c", 10);
    enter("d", 10);

    admission.leave(c);
    admission.leave(a);

    assertThat(admitted).containsExactly("a", "b", "d");
  }

  private Ticket enter(String name, long bytes) {
    var ticket = new Ticket(bytes, () -> admitted.add(name));
    assertThat(admission.enter(ticket)).isTrue();
    return ticket;
  }
}
