package dev.portcullis.admission;

import dev.portcullis.admission.http.Handler;
import dev.portcullis.admission.http.Request;
import dev.portcullis.admission.http.Response;
import dev.portcullis.admission.log.ReviewLog;
import dev.portcullis.admission.measure.Metrics;
import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.ReviewReader;
import dev.portcullis.admission.review.ReviewWriter;
import dev.portcullis.admission.ruling.Admission;
import dev.portcullis.admission.ruling.AdmissionVerdict;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers reviews: bytes in, a decision, bytes out.
///
/// @param webhook its name in metrics and logs
/// @param admission null while too little is known to decide
record ReviewHandler(
    String webhook, Supplier<@Nullable Admission> admission, Decision decision, Metrics metrics)
    implements Handler {
  private static final Logger LOG = System.getLogger(ReviewHandler.class.getName());

  /// One of the questions that an {@link Admission} answers.
  @FunctionalInterface
  interface Decision {
    AdmissionVerdict of(Admission admission, AdmissionRequest request) throws IOException;
  }

  @Override
  public Response answer(Request request) {
    Admission deciding = admission.get();
    if (deciding == null) {
      return Response.text(
          503, "not ready: the policies of the cluster are not known yet; try again");
    }
    return switch (ReviewReader.read(request.body())) {
      case ReviewReader.Unreadable(String why) -> {
        LOG.log(Level.WARNING, "cannot read a request: {0}", why);
        yield Response.text(400, why);
      }
      // Of a 403 alone an API server shows the words to its client (client-go, apimachinery's
      // NewGenericServerResponse).
      case ReviewReader.Oversized(String why) -> {
        LOG.log(Level.WARNING, "cannot decide about a request: {0}", why);
        yield Response.text(403, why);
      }
      case ReviewReader.Understood(AdmissionRequest read) -> answer(deciding, read);
    };
  }

  private Response answer(Admission deciding, AdmissionRequest request) {
    long begin = System.nanoTime();
    AdmissionVerdict ruling;
    try {
      ruling = decision.of(deciding, request);
    } catch (IOException failed) {
      ruling = AdmissionVerdict.undecided("" + failed.getMessage());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    metrics.reviewed(webhook, ruling, took);
    ReviewLog.reviewed(webhook, request, ruling, took);
    return Response.json(ReviewWriter.write(request.uid(), ruling.response()));
  }
}
