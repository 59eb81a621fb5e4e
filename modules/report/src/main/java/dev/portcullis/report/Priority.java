package dev.portcullis.report;

/// Something to do.
///
/// @param id `no-profile`
/// @param urgency how soon
/// @param title what is so, with a number
/// @param advice what to do
/// @param command that does it or shows more; empty where there is none
public record Priority(String id, Urgency urgency, String title, String advice, String command) {
  /// How soon, the first first.
  public enum Urgency {
    FIRST("first", "Do first"),
    NEXT("next", "Next"),
    LOOK("look", "Look at");

    private final String id;
    private final String title;

    Urgency(String id, String title) {
      this.id = id;
      this.title = title;
    }

    /// The word for it in results for programs.
    public String id() {
      return id;
    }

    /// For people.
    public String title() {
      return title;
    }
  }
}
