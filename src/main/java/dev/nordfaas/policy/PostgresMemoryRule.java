package dev.nordfaas.policy;

import dev.nordfaas.config.StackConfig;
import dev.nordfaas.config.check.Problems;
import dev.nordfaas.config.model.KeyPath;
import dev.nordfaas.plan.Plan;
import dev.nordfaas.postgres.ServerMemory;

/** With all of its connections busy, PostgreSQL stays below the container's limit. */
final class PostgresMemoryRule implements Rule {
  private static final KeyPath POSTGRES = KeyPath.of("postgres");

  @Override
  public void check(StackConfig config, Plan plan, Problems problems) {
    var limit = config.postgres().resources().limits().memory();
    var connections = plan.connections().maxConnections();
    var memory = new ServerMemory(limit.bytes(), connections);
    if (memory.needed() > limit.bytes()) {
      problems.add(
          POSTGRES.key("resources").key("limits").key("memory"),
          "shared_buffers %s + %d × maintenance_work_mem %s + page cache %s + %d connections × (%dKi + work_mem 1Mi) = %s exceed %s"
              .formatted(
                  Amounts.size(memory.sharedBuffers()),
                  ServerMemory.MAINTENANCE_WORKERS,
                  Amounts.size(memory.maintenanceWorkMem()),
                  Amounts.size(memory.pageCache()),
                  connections,
                  memory.perConnection() >> 10,
                  Amounts.size(memory.needed()),
                  limit),
          "raise it, or allow at most %d connections".formatted(memory.maxConnections()),
          POSTGRES.key("maxConnections"),
          POSTGRES.key("pooler").key("defaultPoolSize"));
    }
  }
}
