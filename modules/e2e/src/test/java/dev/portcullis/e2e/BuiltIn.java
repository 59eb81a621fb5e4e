package dev.portcullis.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;

/// The built-in default profile of the release of a runtime that is there.
final class BuiltIn {
  private BuiltIn() {}

  /// Its full name. The test is skipped where the catalogue is older than the runtime.
  static String of(Cri cri) throws CriException {
    String name = cri.version().name() + "/default@" + cri.version().version();
    BuiltInDefaults.Answer answer = BuiltInDefaults.find(name);
    assumeTrue(answer instanceof BuiltInDefaults.Found, name + " is not built in: " + answer);
    return ((BuiltInDefaults.Found) answer).found().name();
  }
}
