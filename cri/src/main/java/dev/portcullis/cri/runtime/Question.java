package dev.portcullis.cri.runtime;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import java.io.IOException;
import java.util.Set;

/// What a runtime is asked once it is known.
@FunctionalInterface
interface Question {
  Set<String> ask(KnownRuntime runtime, Cri cri) throws CriException, IOException;
}
