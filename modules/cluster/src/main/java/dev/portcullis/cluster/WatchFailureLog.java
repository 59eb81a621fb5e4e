package dev.portcullis.cluster;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// What is in the way of a watch: logged once, until it is something else, or over.
final class WatchFailureLog {
  private static final Logger LOG = System.getLogger(ObjectWatch.class.getName());

  private final WatchTarget watched;
  private final Duration between;
  private String said = "";
  private boolean missing;

  /// @param between the longest time between two tries after a refusal
  WatchFailureLog(WatchTarget watched, Duration between) {
    this.watched = watched;
    this.between = between;
  }

  /// Whether the API server is there, and refuses.
  static boolean isRefusal(Throwable failed) {
    int code = code(failed);
    return code == HTTP_NOT_FOUND || code == HTTP_FORBIDDEN;
  }

  /// The status that the API server answered; 0 where it did not.
  private static int code(Throwable failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof ApiFailure answer && answer.code() != 0) {
        return answer.code();
      }
    }
    return 0;
  }

  synchronized void say(Throwable failed) {
    int code = code(failed);
    missing = code == HTTP_NOT_FOUND;
    String words =
        missing
            ? "the API server has no "
                + watched.text()
                + "; Portcullis watches them as soon as it has, which may take "
                + between.toSeconds()
                + " s"
            : "cannot watch "
                + watched.text()
                + ", trying again "
                + (code == HTTP_FORBIDDEN
                    ? "every " + between.toSeconds() + " s: "
                    : "until it works: ")
                + ClusterConnection.reason(failed);
    // For the same refusal, the message of a list is more detailed than that of a watch.
    String trouble = isRefusal(failed) ? "status " + code : words;
    if (!trouble.equals(said)) {
      said = trouble;
      LOG.log(isRefusal(failed) ? refusalLevel() : Level.WARNING, words);
    }
  }

  private Level refusalLevel() {
    return switch (watched.need()) {
      case NEEDED -> Level.WARNING;
      case OPTIONAL -> Level.INFO;
    };
  }

  synchronized void over() {
    missing = false;
    if (!said.isEmpty()) {
      said = "";
      LOG.log(Level.INFO, "watching " + watched.text());
    }
  }

  synchronized boolean isMissing() {
    return missing;
  }
}
