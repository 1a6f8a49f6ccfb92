package dev.nordfaas.queueworker.log;

import dev.nordfaas.jsoncheck.StrictJson;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Writes one line of JSON per event to standard output: ids and outcomes, never a payload. */
public final class Log {
  // Kept, so that a library cannot replace the stream later.
  private static final PrintStream OUT = System.out;

  private Log() {}

  /** Writes the libraries' warnings as lines of the same format. */
  public static void captureLibraries() {
    LogManager.getLogManager().reset();
    var root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    root.addHandler(new Libraries());
  }

  /** Silences the libraries: a command's output is only what it prints itself. */
  public static void silenceLibraries() {
    LogManager.getLogManager().reset();
  }

  public static void info(String message, Map<String, ?> fields) {
    write("info", message, fields);
  }

  public static void warn(String message, Map<String, ?> fields) {
    write("warn", message, fields);
  }

  public static void error(String message, Map<String, ?> fields) {
    write("error", message, fields);
  }

  private static void write(String level, String message, Map<String, ?> fields) {
    var line = new LinkedHashMap<String, Object>();
    line.put("time", Instant.now().toString());
    line.put("level", level);
    line.put("message", message);
    line.putAll(fields);
    OUT.println(StrictJson.MAPPER.writeValueAsString(line));
  }

  private static final class Libraries extends Handler {
    @Override
    public void publish(LogRecord event) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("logger", event.getLoggerName());
      var cause = event.getThrown();
      if (cause != null) {
        fields.put("cause", cause.toString());
      }
      write(
          event.getLevel().getName().toLowerCase(Locale.ROOT).replace("warning", "warn"),
          String.valueOf(event.getMessage()),
          fields);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
