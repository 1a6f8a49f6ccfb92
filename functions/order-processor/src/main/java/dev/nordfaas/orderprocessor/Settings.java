package dev.nordfaas.orderprocessor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings from the environment.
 *
 * @param database where the orders are, {@code DATABASE_URL}
 * @param poolSize connections to keep open, {@code DATABASE_POOL_SIZE}, 1 to 1000; 10 by default
 * @param grant what the role may do, {@code DATABASE_GRANT}, read or write; write by default
 */
record Settings(DatabaseUrl database, int poolSize, Grant grant) {
  private static final int DEFAULT_POOL_SIZE = 10;
  private static final int MAX_POOL_SIZE = 1000;

  /**
   * Reads the environment.
   *
   * @throws InvalidSettingsException with all problems
   */
  static Settings of(Map<String, String> environment) throws InvalidSettingsException {
    var problems = new ArrayList<String>();
    var database = Optional.ofNullable(environment.get("DATABASE_URL")).flatMap(DatabaseUrl::parse);
    if (database.isEmpty()) {
      problems.add(
          environment.containsKey("DATABASE_URL")
              ? "DATABASE_URL is not of the form postgres://user:password@host:port/database; percent-encode special characters in its parts"
              : "DATABASE_URL is missing; set it to postgres://user:password@host:port/database");
    }
    var poolSize = poolSize(environment.getOrDefault("DATABASE_POOL_SIZE", ""));
    if (poolSize.isEmpty()) {
      problems.add("DATABASE_POOL_SIZE is not a number from 1 to " + MAX_POOL_SIZE);
    }
    var grant = grant(environment.getOrDefault("DATABASE_GRANT", "write"));
    if (grant.isEmpty()) {
      problems.add("DATABASE_GRANT is neither read nor write");
    }
    if (database.isEmpty() || poolSize.isEmpty() || grant.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
    return new Settings(database.get(), poolSize.get(), grant.get());
  }

  private static Optional<Grant> grant(String text) {
    return switch (text) {
      case "read" -> Optional.of(Grant.READ);
      case "write" -> Optional.of(Grant.WRITE);
      default -> Optional.empty();
    };
  }

  private static Optional<Integer> poolSize(String text) {
    if (text.isEmpty()) {
      return Optional.of(DEFAULT_POOL_SIZE);
    }
    try {
      return Optional.of(Integer.parseInt(text)).filter(size -> size >= 1 && size <= MAX_POOL_SIZE);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The environment cannot be used. */
  static final class InvalidSettingsException extends Exception {
    private final transient List<String> problems;

    InvalidSettingsException(List<String> problems) {
      super(String.join("; ", problems));
      this.problems = List.copyOf(problems);
    }

    List<String> problems() {
      return problems;
    }
  }
}
