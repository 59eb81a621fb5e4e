package dev.portcullis.cri.runtime;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import java.io.IOException;

/// What a runtime is asked once it is known.
@FunctionalInterface
interface Question {
  KnownRuntime.Capabilities ask(KnownRuntime runtime, Cri cri) throws CriException, IOException;
}
