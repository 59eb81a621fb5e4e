package dev.portcullis.admission.ruling;

import dev.portcullis.documents.Mapping;
import dev.portcullis.profiles.record.PodRecord;
import java.io.IOException;
import java.util.List;

/// The pods of the cluster that were admitted for the content of a profile.
@FunctionalInterface
public interface ProvenPods {
  /// The label that they have; its value is `true`.
  String LABEL = PodRecord.PROVEN;

  /// All of them, as the API server has them now.
  List<Mapping> all() throws IOException;
}
