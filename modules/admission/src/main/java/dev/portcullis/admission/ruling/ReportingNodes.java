package dev.portcullis.admission.ruling;

import java.util.Collection;

/// The nodes that report which profiles they have.
@FunctionalInterface
public interface ReportingNodes {

  /// All of them, as they are known now; none where nodes do not report them.
  Collection<ReportingNode> all();
}
