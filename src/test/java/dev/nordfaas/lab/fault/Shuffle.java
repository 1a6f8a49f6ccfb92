package dev.nordfaas.lab.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The order of a round, which its seed and number decide. */
public final class Shuffle {
  private Shuffle() {}

  /** What is random in a round. */
  public static Random random(long seed, int round) {
    return new Random(seed * 31 + round);
  }

  /** The same elements in the order of that round. */
  public static <T> List<T> of(List<T> elements, long seed, int round) {
    var shuffled = new ArrayList<>(elements);
    Collections.shuffle(shuffled, random(seed, round));
    return List.copyOf(shuffled);
  }
}
