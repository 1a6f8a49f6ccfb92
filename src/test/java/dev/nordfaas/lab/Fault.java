package dev.nordfaas.lab;

import dev.nordfaas.lab.fault.Kind;
import java.io.IOException;

/**
 * One thing that breaks.
 *
 * @param name in the table of results
 * @param kind section of that table
 * @param inShort whether it is in the short matrix, too
 * @param preparation finds what it is about, and where that is now
 */
record Fault(String name, Kind kind, boolean inShort, Preparation preparation) {
  /** Looks, before the load begins. */
  interface Preparation {
    Breakage prepare(Under load) throws IOException;
  }

  /**
   * The load under which it happens.
   *
   * @param prefix begins the ids of its orders
   * @param known an order that is a row, for calls
   * @param rates how much it is
   */
  record Under(String prefix, String known, FaultRun.Rates rates) {}

  @Override
  public String toString() {
    return name;
  }
}
