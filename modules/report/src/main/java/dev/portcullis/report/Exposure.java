package dev.portcullis.report;

/// How many containers reach a vulnerability of the kernel, by their filters and their rights.
///
/// @param call one that reaches it today, as `socket(0x26, ...), number 41 on x86_64`; empty where
///   none is known
/// @param today what containers reach without Portcullis
/// @param withPortcullis and with it
public record Exposure(
    String id,
    String title,
    String date,
    String summary,
    String call,
    Tally today,
    Tally withPortcullis) {

  /// Containers that run, by whether they reach it.
  ///
  /// @param reachable by the machine's own calls
  /// @param inPart only by calls of another architecture
  /// @param unknown of which it is not known
  /// @param closed not by these calls
  public record Tally(int reachable, int inPart, int unknown, int closed) {
    /// Of no container.
    public static final Tally NONE = new Tally(0, 0, 0, 0);

    /// Both together.
    public Tally plus(Tally other) {
      return new Tally(
          reachable + other.reachable,
          inPart + other.inPart,
          unknown + other.unknown,
          closed + other.closed);
    }
  }
}
