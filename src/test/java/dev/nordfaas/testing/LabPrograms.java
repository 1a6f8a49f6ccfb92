package dev.nordfaas.testing;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The lab's Go programs, which tests run as well. */
public final class LabPrograms {
  private LabPrograms() {}

  /** The path of an exporter, built once where it is missing. */
  public static String exporter(String name) {
    return find("tools/exporter", name);
  }

  /** The path of Pebble, an ACME authority, or of the DNS server that it asks. */
  public static String pebble(String name) {
    return find("tools/pebble", name);
  }

  /** The path of the program that evaluates an admission policy. */
  static String admission() {
    return find("tools/admission");
  }

  /** The path of the program that validates objects as the Kubernetes API server does. */
  public static String apiValidation() {
    return find("tools/apivalidation");
  }

  /** The path of a program that a tool finds or builds. */
  public static String find(String... command) {
    try {
      var finder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      var path = new String(finder.getInputStream().readAllBytes()).strip();
      if (finder.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + " failed");
      }
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
