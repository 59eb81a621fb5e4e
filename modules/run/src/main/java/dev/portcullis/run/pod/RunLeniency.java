package dev.portcullis.run.pod;

/// What may be run otherwise than its manifest says.
///
/// @param omits whether a field that `run` does not support may be left out, where that takes
///   nothing from the limits of a container
/// @param emptyClaims whether a volume of a claim is an empty directory
public record RunLeniency(boolean omits, boolean emptyClaims) {
  public static final RunLeniency NONE = new RunLeniency(false, false);
}
