package dev.portcullis.cri;

import java.util.function.Consumer;

/// Looks at the requests of some calls before the runtime gets them.
public interface Interceptor {

  /// Whether the calls of a method are looked at.
  ///
  /// @param method `runtime.v1.RuntimeService/CreateContainer`
  boolean wants(String method);

  /// What becomes of a call. May block; runs on a thread of its own.
  Verdict judge(String method, byte[] request);

  /// What becomes of a call.
  sealed interface Verdict {}

  /// The runtime is asked.
  final class Pass implements Verdict {
    private final byte[] request;
    private final Consumer<byte[]> answered;
    private final Runnable afterwards;

    /// Asks.
    ///
    /// @param request perhaps another than the caller's; not copied, so not to be changed
    /// @param afterwards what to do once the call has ended, however it does
    public Pass(byte[] request, Runnable afterwards) {
      this(request, _ -> {}, afterwards);
    }

    /// The same, with something to do before the caller has the answer.
    ///
    /// @param answered gets the runtime's answer, on the thread of all calls
    public Pass(byte[] request, Consumer<byte[]> answered, Runnable afterwards) {
      this.request = request;
      this.answered = answered;
      this.afterwards = afterwards;
    }

    /// What the runtime gets.
    public byte[] request() {
      return request;
    }

    /// What to do before the caller has the answer.
    public Consumer<byte[]> answered() {
      return answered;
    }

    /// What to do once the call has ended.
    public Runnable afterwards() {
      return afterwards;
    }
  }

  /// The runtime is not asked; the caller gets an error.
  record Refuse(Reason reason, String message) implements Verdict {}

  /// Why a call is refused, as the status that the caller gets.
  enum Reason {
    /// The request itself is wrong: it fails however often it comes.
    INVALID_ARGUMENT,
    /// Something on the node is wrong: the same request may pass once that is mended.
    FAILED_PRECONDITION,
    /// What has to be known cannot be asked now: the same request may pass in a moment.
    UNAVAILABLE,
    /// It is a call whose containers could not be judged.
    UNIMPLEMENTED,
    /// Portcullis is wrong.
    INTERNAL
  }
}
