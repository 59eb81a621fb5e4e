package dev.portcullis.node;

import java.util.logging.Logger;

/// What keeps a part of a node from its work now. It is logged when it begins and when it becomes
/// another, not each time that something is tried again.
///
/// It may be read by any thread; one changes it.
final class CurrentProblem {
  private final Logger log;
  private final String what;
  private volatile String why;

  /// @param what fails, for the log: `cannot inspect the containers`
  /// @param atFirst why it fails before the first try, which is not logged; empty where it does not
  CurrentProblem(Logger log, String what, String atFirst) {
    this.log = log;
    this.what = what;
    why = atFirst;
  }

  /// It is this.
  void is(String reason) {
    if (!reason.equals(why)) {
      log.warning(what + ": " + reason);
    }
    why = reason;
  }

  /// There is none any more.
  ///
  /// @return whether there was one until now
  boolean clear() {
    boolean was = !why.isEmpty();
    why = "";
    return was;
  }

  /// Empty where there is none.
  String why() {
    return why;
  }
}
