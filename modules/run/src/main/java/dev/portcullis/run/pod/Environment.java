package dev.portcullis.run.pod;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The environment of a container, with references to what was set before, and to what is only
/// known once the pod has an address.
public record Environment(List<Variable> variables) {
  /// execve(2): no string may be longer (`MAX_ARG_STRLEN`). References to references grow by
  /// powers, so this also bounds what a manifest can make of a few lines.
  private static final int LONGEST = 128 * 1024;

  public Environment {
    variables = List.copyOf(variables);
  }

  /// A variable; the last of a name counts.
  public record Variable(String name, Source value) {}

  /// Where a value comes from.
  public sealed interface Source {}

  /// Text in which `$(NAME)` stands for a variable that was set before.
  public record Template(String text) implements Source {}

  /// Text as it is.
  public record Verbatim(String text) implements Source {}

  /// The pod's address.
  public record PodAddress() implements Source {}

  /// The variables with their values.
  ///
  /// @param podAddress the address of the pod
  SequencedMap<String, String> resolve(String podAddress) throws IOException {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    for (Variable variable : variables) {
      values.put(
          variable.name(),
          switch (variable.value()) {
            case Template(String text) -> expand(text, values);
            case Verbatim(String text) -> text;
            case PodAddress() -> podAddress;
          });
    }
    return values;
  }

  /// Replaces `$(NAME)` by the value of a variable. `$$(NAME)` is the text `$(NAME)`, and a
  /// reference to what is not set stays as it is (Kubernetes'
  /// `third_party/forked/golang/expansion`).
  static String expand(String text, Map<String, String> values) throws IOException {
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      if (out.length() > LONGEST) {
        throw new IOException(
            "with references replaced, \""
                + text.substring(0, Math.min(text.length(), 60))
                + "\" is longer than "
                + LONGEST
                + " characters, the limit of execve");
      }
      char c = text.charAt(i);
      if (c != '$' || i + 1 == text.length()) {
        out.append(c);
        i++;
        continue;
      }
      char next = text.charAt(i + 1);
      int end = next == '(' ? text.indexOf(')', i + 2) : -1;
      if (next == '$') {
        out.append('$');
        i += 2;
      } else if (end >= 0) {
        String value = values.get(text.substring(i + 2, end));
        out.append(value == null ? text.substring(i, end + 1) : value);
        i = end + 1;
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }
}
