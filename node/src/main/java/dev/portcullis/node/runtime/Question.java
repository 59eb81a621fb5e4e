package dev.portcullis.node.runtime;

import dev.portcullis.node.cri.Cri;
import dev.portcullis.node.cri.CriException;
import java.io.IOException;
import java.util.Set;

/// What a runtime is asked once it is known.
@FunctionalInterface
interface Question {
  Set<String> ask(KnownRuntime runtime, Cri cri) throws CriException, IOException;
}
