package dev.portcullis.e2e.cluster;

/// What is waited for.
@FunctionalInterface
public interface Check {
  /// Whether it is so by now.
  boolean holds() throws Exception;
}
