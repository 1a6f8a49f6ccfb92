package dev.nordfaas.lab;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Prints what the lab has to say when a test fails, while it still says it; twice at the most. */
final class ShowLabLogs
    implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
  private static final AtomicInteger SHOWN = new AtomicInteger();

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    show(context);
    throw failure;
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    show(context);
    throw failure;
  }

  private static void show(ExtensionContext context) {
    if (SHOWN.incrementAndGet() <= 2) {
      System.out.printf("%n%s has failed. The lab:%n", context.getDisplayName());
      System.out.println(Lab.run("env", "LAB_LOG_LINES=12", "lab/logs").output());
    }
  }
}
