package dev.nordfaas.lab;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Prints why a test has failed, and, twice at the most, what the lab says while it still says it.
 */
final class ShowLabLogs
    implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
  private static final AtomicInteger SHOWN = new AtomicInteger();

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    show(context, failure);
    throw failure;
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    show(context, failure);
    throw failure;
  }

  private static void show(ExtensionContext context, Throwable failure) {
    System.out.printf("%n%s has failed: %s%n", context.getDisplayName(), failure.getMessage());
    if (SHOWN.incrementAndGet() <= 2) {
      System.out.println("The lab:");
      System.out.println(Lab.run("env", "LAB_LOG_LINES=12", "lab/logs").output());
    }
  }
}
