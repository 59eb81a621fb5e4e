package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The content of the header `Authorization`. Kubelets and plugins provide new tokens before old
/// ones expire: one is fetched again when its time is over, and when a server does not know it.
final class BearerToken {
  /// Kubelets write a new one when a fifth of an hour is left, at the latest.
  private static final Duration FILE_LASTS = Duration.ofMinutes(1);

  private final Source source;
  private final InstantSource clock;
  private @Nullable Fetched last;

  /// Where it comes from.
  interface Source {
    Fetched fetch() throws IOException;
  }

  /// A value of the header.
  ///
  /// @param header null for no credentials
  /// @param until when it is to be fetched again; null for never
  record Fetched(@Nullable String header, @Nullable Instant until) {}

  /// @param first what was fetched already; null for nothing
  BearerToken(Source source, @Nullable Fetched first, InstantSource clock) {
    this.source = source;
    this.last = first;
    this.clock = clock;
  }

  /// No credentials.
  static BearerToken none() {
    return ofHeader(null);
  }

  /// One that stays.
  ///
  /// @param what it is, for messages
  static BearerToken of(String what, String token) throws IOException {
    return ofHeader(bearer(what, token));
  }

  /// The value of the header. What cannot be in one is not shown: the JDK's client would.
  ///
  /// @param what it is, for messages
  static String bearer(String what, String token) throws IOException {
    String stripped = token.strip();
    if (stripped.isEmpty()) {
      throw new IOException(what + " is empty");
    }
    if (stripped.chars().anyMatch(each -> each <= ' ' || each > '~')) {
      throw new IOException(what + " has characters that no token has: line ends, or not ASCII");
    }
    return "Bearer " + stripped;
  }

  /// A name and a password. API servers have not taken them since Kubernetes 1.19; what stands
  /// before one may.
  static BearerToken ofPassword(String user, String password) {
    return ofHeader(
        "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8)));
  }

  private static BearerToken ofHeader(@Nullable String header) {
    Fetched always = new Fetched(header, null);
    return new BearerToken(() -> always, always, InstantSource.system());
  }

  /// The one in a file, read again once a minute.
  static BearerToken ofFile(Path file, InstantSource clock) {
    return new BearerToken(
        () -> {
          String header = bearer(file.toString(), Files.readString(file, UTF_8));
          return new Fetched(header, clock.instant().plus(FILE_LASTS));
        },
        null,
        clock);
  }

  /// The value of the header; null for no credentials. One that cannot be fetched again stays until
  /// then.
  synchronized @Nullable String header() throws IOException {
    Fetched known = last;
    if (known != null && (known.until() == null || clock.instant().isBefore(known.until()))) {
      return known.header();
    }
    try {
      Fetched next = source.fetch();
      last = next;
      return next.header();
    } catch (IOException unreadable) {
      if (known == null) {
        throw unreadable;
      }
      return known.header();
    }
  }

  /// The server did not know it: the next is fetched, where there may be another one.
  ///
  /// @param header that was sent
  /// @return whether another one is worth a try
  synchronized boolean renew(@Nullable String header) throws IOException {
    Fetched known = last;
    if (known != null && Objects.equals(known.header(), header)) {
      last = source.fetch();
    }
    return !Objects.equals(header(), header);
  }
}
