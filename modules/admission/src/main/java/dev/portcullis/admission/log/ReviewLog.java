package dev.portcullis.admission.log;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.ruling.AdmissionVerdict;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// A line for each review that somebody may ask about later. The object itself is never in it: it
/// may carry secrets in its environment.
public final class ReviewLog {
  private static final Logger LOG = Logger.getLogger("dev.portcullis.admission");
  private static final int REASONS = 10;

  /// Characters of a reason or a user's name: others write them.
  private static final int LONGEST = 2_048;

  private ReviewLog() {}

  public static void reviewed(
      String webhook, AdmissionRequest request, AdmissionVerdict ruling, Duration took) {
    Level level =
        switch (ruling.outcome()) {
          case ALLOWED, PATCHED, PASSED_OVER -> Level.FINE;
          case WOULD_PATCH, WOULD_REFUSE, REFUSED -> Level.INFO;
          case UNDECIDED -> Level.WARNING;
        };
    if (!LOG.isLoggable(level)) {
      return;
    }
    List<Value> reasons =
        ruling.reasons().stream()
            .limit(REASONS)
            .<Value>map(reason -> new Value.Text(Position.NONE, cut(reason)))
            .toList();
    LogRecord line = new LogRecord(level, "review " + ruling.outcome().text());
    line.setLoggerName(LOG.getName());
    line.setParameters(
        new Object[] {
          new MappingBuilder()
              .put("uid", request.uid())
              .put("webhook", webhook)
              .put("operation", request.operation().name())
              .put("kind", request.kind())
              .put("namespace", request.namespace())
              .put("name", request.name())
              .put("user", cut(request.user().name()))
              .put("mode", ruling.mode().text())
              .put("outcome", ruling.outcome().text())
              .put("reasons", reasons)
              .put("microseconds", took.toNanos() / 1000)
              .build()
        });
    LOG.log(line);
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
