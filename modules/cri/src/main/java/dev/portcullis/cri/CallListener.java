package dev.portcullis.cri;

/// Is notified of each call that was passed on, once it has ended. Must not block.
@FunctionalInterface
public interface CallListener {

  /// A call has ended.
  ///
  /// @param method the name alone, `CreateContainer`; `other` for one that CRI's definition, as we
  ///   know it, has not
  /// @param code the status that the caller got, such as `OK`
  /// @param nanos from the first byte to the last, the runtime's own time included
  void ended(String method, String code, long nanos);
}
