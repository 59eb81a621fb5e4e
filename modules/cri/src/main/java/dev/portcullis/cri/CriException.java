package dev.portcullis.cri;

import org.jspecify.annotations.Nullable;

/// A call that the runtime did not answer as asked.
public final class CriException extends Exception {
  private static final long serialVersionUID = 1;

  /// What a caller can do something about.
  public enum Kind {
    /// The endpoint is not of the form `unix:///path`.
    BAD_ENDPOINT,
    /// Nothing could be connected to: no socket, no server behind it, or no permission.
    UNREACHABLE,
    /// Something answers, but it does not speak CRI `runtime.v1`.
    NOT_CRI,
    /// The connection broke: the runtime ended, or was restarted.
    GONE,
    /// The runtime did not answer in time. The call may still have its effect.
    TIMEOUT,
    /// The calling thread was interrupted. The call may still have its effect.
    INTERRUPTED,
    /// The runtime knows nothing of that sandbox, container or image.
    NOT_FOUND,
    /// The runtime refused.
    REFUSED
  }

  private final Kind kind;
  private final String method;
  private final String code;

  CriException(Kind kind, String method, String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.method = method;
    this.code = code;
  }

  /// What happened, coarsely.
  public Kind kind() {
    return kind;
  }

  /// The call, as CRI names it: `CreateContainer`. `connect` where there was none yet.
  public String method() {
    return method;
  }

  /// The gRPC status, such as `UNKNOWN`, which containerd answers for most refusals; empty where
  /// there was none.
  public String code() {
    return code;
  }
}
