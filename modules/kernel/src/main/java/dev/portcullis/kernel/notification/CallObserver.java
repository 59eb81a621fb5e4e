package dev.portcullis.kernel.notification;

/// Sees the calls of the processes that have one filter. Called by one thread.
public interface CallObserver {
  /// No argument, and no errno.
  int NONE = -1;

  /// Which argument of a call points to a value that is wanted, of 64 bits; {@link #NONE} of most.
  int pointer(int architecture, int number);

  /// The errno by which a call is to fail; {@link #NONE} where it goes on.
  ///
  /// @param arguments six, as the program gave them
  default int errno(int architecture, int number, long[] arguments) {
    return NONE;
  }

  /// A call failed, as {@link #errno} wanted.
  default void refused(int architecture, int number, long[] arguments, int errno) {}

  /// A call went on to the kernel. One that a signal interrupted is seen again.
  ///
  /// @param thread that made it, as this process' namespace of pids numbers it
  /// @param arguments six, which are the observer's until it returns; in place of a pointer that
  ///   was asked for the value, or -1 where it could not be read
  void seen(int thread, int architecture, int number, long[] arguments);

  /// A signal came, or death, before the caller had its answer. The program makes the call again
  /// where the signal's handler has SA_RESTART, and gets EINTR elsewhere, also from calls that
  /// never fail so (seccomp_unotify(2), "Interaction with SA_RESTART signal handlers").
  ///
  /// @param number of the call; {@link #NONE} where it was not received yet
  default void interrupted(int architecture, int number) {}

  /// No process has the filter any more, or nothing more is seen of it.
  ///
  /// @param failure why not; empty where it is over
  void ended(String failure);
}
