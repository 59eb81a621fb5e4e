package dev.portcullis.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/// Log records as lines of JSON. A parameter that is a {@link Mapping} becomes fields of the line.
public final class JsonLines extends Formatter {
  private static final int MAX_MESSAGE = 16 * 1024;

  private JsonLines() {}

  /// Sends everything that is logged in this process to a stream, ours and the libraries'.
  public static void to(OutputStream stream) {
    // Before anything initializes the JDK's: a class literal does not.
    System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new FlushingHandler(stream));
    root.setLevel(Level.INFO);
    Talkative.quieten();
  }

  @Override
  public String format(LogRecord record) {
    MappingBuilder line =
        new MappingBuilder()
            .put("time", record.getInstant().truncatedTo(ChronoUnit.MILLIS).toString())
            .put("level", level(record.getLevel()))
            .put("message", cut(formatMessage(record)));
    Object[] parameters = record.getParameters();
    if (parameters != null) {
      for (Object parameter : parameters) {
        if (parameter instanceof Mapping fields) {
          for (Map.Entry<String, Mapping.Entry> field : fields.entries().entrySet()) {
            line.put(field.getKey(), field.getValue().value());
          }
        }
      }
    }
    if (record.getThrown() != null) {
      StringWriter trace = new StringWriter();
      record.getThrown().printStackTrace(new PrintWriter(trace));
      line.put("trace", cut(trace.toString()));
    }
    return JsonWriter.compact(line.put("logger", "" + record.getLoggerName()).build()) + "\n";
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "error";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "warning";
    }
    return level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
  }

  private static String cut(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "...";
  }

  /// Caffeine logs every failed question itself, with a stack trace; our own message takes one
  /// line. Netty looks for the interfaces of the machine when it is loaded, and warns where a
  /// profile denies that; it makes of them the ids of channels and the address of loopback, which
  /// are not used here. Held here: a logger without a reference is forgotten by the JDK, and its
  /// level with it.
  private static final class Talkative {
    private static final List<Logger> LOGGERS =
        List.of(
            Logger.getLogger("com.github.benmanes.caffeine"),
            Logger.getLogger("io.netty.util.NetUtilInitializations"),
            Logger.getLogger("io.netty.util.internal.MacAddressUtil"));

    static void quieten() {
      LOGGERS.forEach(logger -> logger.setLevel(Level.SEVERE));
    }
  }

  /// A line is in the log when it was written, also where the process is killed right after.
  private static final class FlushingHandler extends StreamHandler {
    private FlushingHandler(OutputStream stream) {
      super(stream, new JsonLines());
      setLevel(Level.ALL);
      try {
        setEncoding(UTF_8.name());
      } catch (java.io.UnsupportedEncodingException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public synchronized void publish(LogRecord record) {
      super.publish(record);
      flush();
    }
  }
}
