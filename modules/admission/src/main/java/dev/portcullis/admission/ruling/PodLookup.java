package dev.portcullis.admission.ruling;

import dev.portcullis.documents.Mapping;
import java.io.IOException;

/// Pods as the API server has them, for the requests that do not carry theirs.
@FunctionalInterface
public interface PodLookup {
  Mapping pod(String namespace, String name) throws IOException;
}
