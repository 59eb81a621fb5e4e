package dev.portcullis.admission.ruling;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What the cluster knows about namespaces.
@FunctionalInterface
public interface NamespaceLookup {

  /// The value of the label for the mode; null where the namespace has none.
  @Nullable String modeLabel(String namespace) throws IOException;
}
