package dev.portcullis.report;

import java.util.List;

/// A profile, by what it does with each group of calls.
///
/// @param name as containers have it
/// @param content where its content comes from: a file, a built-in default; empty where that is not
///   known
/// @param today how many containers run under it today
/// @param withPortcullis and with Portcullis
/// @param relation to the runtime's default
/// @param unknown why its content, or its relation, is not known; empty where both are
/// @param architecture whose calls are shown
/// @param groups none where the content is not known
/// @param abilities what people ask first about a filter
/// @param more calls that it lets pass, at least with some arguments, and the default does not
public record ProfilePicture(
    String name,
    String content,
    int today,
    int withPortcullis,
    DefaultRelation relation,
    String unknown,
    String architecture,
    List<CallGroup> groups,
    List<AbilityWord> abilities,
    List<String> more) {
  public ProfilePicture {
    groups = List.copyOf(groups);
    abilities = List.copyOf(abilities);
    more = List.copyOf(more);
  }

  /// What it is to the runtime's default, for every call.
  public enum DefaultRelation {
    /// It is the default, or the same with every call.
    EQUAL("equal", "the same as the runtime's default"),
    STRICTER("stricter", "stricter than the runtime's default"),
    WEAKER("weaker", "weaker than the runtime's default"),
    INCOMPARABLE("incomparable", "neither stricter nor weaker than the runtime's default"),
    UNKNOWN("unknown", "relation to the runtime's default not known");

    private final String id;
    private final String words;

    DefaultRelation(String id, String words) {
      this.id = id;
      this.words = words;
    }

    /// The word for it in results for programs.
    public String id() {
      return id;
    }

    /// For people.
    public String words() {
      return words;
    }
  }

  /// Calls that are for the same, by what becomes of them.
  ///
  /// @param name as `files`
  /// @param title what they are for
  /// @param allowed with all arguments
  /// @param byArguments whose arguments decide
  /// @param asked about which a listener or a tracer decides
  /// @param denied with all arguments
  public record CallGroup(
      String name,
      String title,
      List<String> allowed,
      List<String> byArguments,
      List<String> asked,
      List<String> denied) {
    public CallGroup {
      allowed = List.copyOf(allowed);
      byArguments = List.copyOf(byArguments);
      asked = List.copyOf(asked);
      denied = List.copyOf(denied);
    }

    /// How many calls it has.
    public int size() {
      return allowed.size() + byArguments.size() + asked.size() + denied.size();
    }
  }

  /// What a filter lets a process do.
  ///
  /// @param title as `new user namespaces`
  /// @param outcome a word: `allowed`, `by-arguments`, `asked`, `denied`, `unknown`, `no-call`
  public record AbilityWord(String title, String outcome) {}
}
