package dev.nordfaas.orderprocessor;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Writes one line of JSON per event; never the content of an order. */
final class Log {
  private final PrintStream lines;

  Log(OutputStream lines) {
    this.lines = new PrintStream(lines, true, StandardCharsets.UTF_8);
  }

  /** Includes the libraries' warnings. */
  void captureLibraries() {
    LogManager.getLogManager().reset();
    var root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    root.addHandler(new Libraries());
  }

  void info(String message, Map<String, ?> fields) {
    write("info", message, fields);
  }

  void warn(String message, Map<String, ?> fields) {
    write("warn", message, fields);
  }

  void error(String message, Map<String, ?> fields) {
    write("error", message, fields);
  }

  private void write(String level, String message, Map<String, ?> fields) {
    var line = new LinkedHashMap<String, Object>();
    line.put("time", Instant.now().toString());
    line.put("level", level);
    line.put("message", message);
    line.putAll(fields);
    lines.println(Json.MAPPER.writeValueAsString(line));
  }

  private final class Libraries extends Handler {
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
