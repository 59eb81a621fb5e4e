package dev.portcullis.kernel.libc;

import java.io.IOException;

/// The kernel refused a call.
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1;

  private final String call;
  private final int errno;

  SystemCallException(String call, int errno) {
    super(call + ": errno " + errno);
    this.call = call;
    this.errno = errno;
  }

  /// The name of the call: `openat2`.
  public String call() {
    return call;
  }

  /// Why, as errno(3) numbers it.
  public int errno() {
    return errno;
  }
}
