package dev.portcullis.admission.measure;

import dev.portcullis.admission.cluster.AccessReviews.Answer;
import dev.portcullis.admission.ruling.AdmissionVerdict;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/// What the webhook counts. Labels have few values, none of them chosen by a user.
public final class Metrics {
  /// The content type of {@link #page}.
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final double[] SECONDS = {
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter reviews =
      Counter.builder()
          .name("portcullis_reviews_total")
          .help("Reviews by webhook, mode of the namespace, and outcome")
          .labelNames("webhook", "mode", "outcome")
          .register(registry);
  private final Histogram reviewSeconds =
      Histogram.builder()
          .name("portcullis_review_duration_seconds")
          .help("Time to decide about a review")
          .unit(Unit.SECONDS)
          .labelNames("webhook")
          .classicOnly()
          .classicUpperBounds(SECONDS)
          .register(registry);
  private final Counter answers =
      Counter.builder()
          .name("portcullis_http_answers_total")
          .help("HTTP answers by path and status")
          .labelNames("path", "status")
          .register(registry);
  private final Counter refusals =
      Counter.builder()
          .name("portcullis_http_refused_total")
          .help("Connections closed and requests not taken, by reason")
          .labelNames("reason")
          .register(registry);
  private final Counter grants =
      Counter.builder()
          .name("portcullis_access_reviews_total")
          .help("SubjectAccessReviews asked of the API server, by answer")
          .labelNames("answer")
          .register(registry);
  private final Histogram grantSeconds =
      Histogram.builder()
          .name("portcullis_access_review_duration_seconds")
          .help("Time of a SubjectAccessReview")
          .unit(Unit.SECONDS)
          .classicOnly()
          .classicUpperBounds(SECONDS)
          .register(registry);

  /// All outcomes are there from the start: a rate over a counter that appears with its first
  /// increment would miss that one.
  public Metrics(Iterable<String> webhooks, Iterable<String> modes, Iterable<String> refused) {
    refused.forEach(refusals::initLabelValues);
    for (String webhook : webhooks) {
      reviewSeconds.initLabelValues(webhook);
      for (String mode : modes) {
        for (AdmissionVerdict.Outcome outcome : AdmissionVerdict.Outcome.values()) {
          reviews.initLabelValues(webhook, mode, outcome.text());
        }
      }
    }
    for (Answer answer : Answer.values()) {
      grants.initLabelValues(word(answer));
    }
  }

  public void reviewed(String webhook, AdmissionVerdict ruling, Duration took) {
    reviews.labelValues(webhook, ruling.mode().text(), ruling.outcome().text()).inc();
    reviewSeconds.labelValues(webhook).observe(Unit.nanosToSeconds(took.toNanos()));
  }

  public void answered(String path, int status) {
    answers.labelValues(path, Integer.toString(status)).inc();
  }

  /// A connection that was closed or a request that was not taken.
  public void refused(String reason) {
    refusals.labelValues(reason).inc();
  }

  /// A question to the API server, and its nanoseconds.
  public void asked(Answer answer, long nanos) {
    grants.labelValues(word(answer)).inc();
    grantSeconds.observe(Unit.nanosToSeconds(nanos));
  }

  /// Shows a value that is kept elsewhere.
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /// Shows a count that is kept elsewhere; it never falls.
  public void counter(String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private static String word(Answer answer) {
    return answer.name().toLowerCase(Locale.ROOT);
  }

  /// All of it, in the text format.
  public byte[] page() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(bytes, registry.scrape());
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
    return bytes.toByteArray();
  }
}
