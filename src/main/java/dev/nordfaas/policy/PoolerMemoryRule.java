package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;

/**
 * PgBouncer has memory for all of its clients: one too many would cost all the others their
 * connection.
 *
 * <p>A client with TLS takes 15 KiB, one without 1 KiB (PgBouncer 1.18 with OpenSSL 3.0, resident
 * memory with 3000 idle clients); a third more for those that are sending. 32 MiB for the program
 * itself and its server connections.
 */
final class PoolerMemoryRule implements Rule {
  private static final long PER_CLIENT = 20L << 10;
  private static final long PROGRAM = 32L << 20;
  private static final KeyPath POOLER = KeyPath.of("postgres", "pooler");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var pooler = config.postgres().pooler();
    var needed = pooler.maxClientConn() * PER_CLIENT + PROGRAM;
    var limit = pooler.resources().limits().memory();
    if (needed > limit.bytes()) {
      problems.add(
          POOLER.key("resources").key("limits").key("memory"),
          "%d clients × 20Ki + 32Mi = %s exceed %s"
              .formatted(pooler.maxClientConn(), Amounts.size(needed), limit),
          "raise it to %dMi or lower maxClientConn".formatted(mebibytes(needed)),
          POOLER.key("maxClientConn"));
    }
  }

  private static long mebibytes(long bytes) {
    return (bytes + (1L << 20) - 1) >> 20;
  }
}
