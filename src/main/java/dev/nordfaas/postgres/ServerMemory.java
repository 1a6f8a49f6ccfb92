package dev.nordfaas.postgres;

/**
 * How PostgreSQL's memory is divided; all amounts are in bytes.
 *
 * @param limit the container's limit
 * @param connections {@code max_connections}
 */
public record ServerMemory(long limit, int connections) {
  private static final long MEBIBYTE = 1L << 20;

  /** The minimum with which a sort of a few thousand rows stays in memory. */
  private static final long MIN_WORK_MEM = MEBIBYTE;

  private static final long MAX_WORK_MEM = 64 * MEBIBYTE;
  private static final long MAX_MAINTENANCE_WORK_MEM = 2048 * MEBIBYTE;

  /** {@code autovacuum_max_workers}, PostgreSQL's default. */
  public static final int MAINTENANCE_WORKERS = 3;

  /** A backend's own memory: 1.6 MiB with TLS after pgbench (PostgreSQL 15), and a quarter more. */
  private static final long BACKEND = 2 * MEBIBYTE;

  /**
   * A backend that has seen all shared buffers has a page table of them, 8 bytes for each 4 KiB.
   */
  private static final long PAGE_TABLE = 512;

  /** {@code shared_buffers}: a quarter. */
  public long sharedBuffers() {
    return limit / 4;
  }

  /** {@code effective_cache_size}: what the planner may assume to be cached. */
  public long effectiveCacheSize() {
    return limit / 4 * 3;
  }

  /** {@code maintenance_work_mem}: a sixteenth, at most 2 GiB; each autovacuum worker uses it. */
  public long maintenanceWorkMem() {
    return Math.min(limit / 16, MAX_MAINTENANCE_WORK_MEM);
  }

  /** Memory of one connection without its sorts. */
  public long perConnection() {
    return BACKEND + sharedBuffers() / PAGE_TABLE;
  }

  /** The minimum for the kernel's page cache: a sixteenth. */
  public long pageCache() {
    return limit / 16;
  }

  /**
   * {@code work_mem}: a quarter of the memory for all connections together, or less if less is
   * left.
   */
  public long workMem() {
    var left = limit - fixed() - connections * perConnection();
    var each = Math.min(limit / 4, left) / connections;
    return Math.max(MIN_WORK_MEM, Math.min(each, MAX_WORK_MEM));
  }

  /** The total, with the minimum {@code work_mem}. */
  public long needed() {
    return fixed() + connections * (perConnection() + MIN_WORK_MEM);
  }

  /**
   * What is left for the sorts of some connections with a {@code work_mem} of their own, while all
   * others have the server's.
   */
  public long leftForSorts(int ownConnections) {
    var others = Math.max(0, connections - ownConnections);
    return limit - fixed() - connections * perConnection() - others * workMem();
  }

  /** How many connections there is room for. */
  public int maxConnections() {
    return (int) ((limit - fixed()) / (perConnection() + MIN_WORK_MEM));
  }

  private long fixed() {
    return sharedBuffers() + MAINTENANCE_WORKERS * maintenanceWorkMem() + pageCache();
  }
}
