package dev.portcullis.cli.options;

import dev.portcullis.pods.object.ObjectNames;
import dev.portcullis.pods.rbac.Subject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whom something is granted to, on the command line.
public final class SubjectArgument {
  /// The word for all who have shown who they are.
  private static final String EVERYBODY = "everybody";

  public static final Option TO =
      Option.values(
              "to",
              "WHO",
              "user:NAME, group:NAME, serviceaccount:[NAMESPACE/]NAME or everybody; may be"
                  + " repeated")
          .taking(Values.TEXT.or(SubjectArgument::words));

  private SubjectArgument() {}

  private static List<String> words() {
    List<String> words = new ArrayList<>(List.of(EVERYBODY));
    for (Subject.Kind kind : Subject.Kind.values()) {
      words.add(kind.word() + ":");
    }
    return words;
  }

  /// The values of {@link #TO}.
  ///
  /// @param namespace of service accounts that name none; null where there is no such namespace
  public static List<Subject> read(Arguments arguments, @Nullable String namespace)
      throws UsageException {
    List<Subject> subjects = new ArrayList<>();
    for (String text : arguments.values(TO)) {
      if (text.equals(EVERYBODY)) {
        subjects.addAll(Subject.EVERYBODY);
      } else {
        subjects.add(subject(text, namespace));
      }
    }
    return subjects;
  }

  private static Subject subject(String text, @Nullable String namespace) throws UsageException {
    int colon = text.indexOf(':');
    String word = colon < 0 ? text : text.substring(0, colon);
    String name = colon < 0 ? "" : text.substring(colon + 1);
    if (colon >= 0 && (name.isEmpty() || name.length() > Subject.LONGEST_NAME)) {
      throw wrong(
          text,
          name.isEmpty()
              ? "names nobody"
              : "has more than " + Subject.LONGEST_NAME + " characters");
    }
    for (Subject.Kind kind : Subject.Kind.values()) {
      if (kind.word().equals(word) && colon >= 0) {
        return switch (kind) {
          case USER -> Subject.user(name);
          case GROUP -> Subject.group(name);
          case SERVICE_ACCOUNT -> serviceAccount(text, name, namespace);
        };
      }
    }
    List<String> words = words();
    throw wrong(
        text,
        "is not known; use user:NAME, group:NAME, serviceaccount:NAMESPACE/NAME or everybody"
            + (colon < 0
                ? NearestOption.hint(word, "", words)
                : NearestOption.hint(word + ":", "", words)));
  }

  private static Subject serviceAccount(String text, String name, @Nullable String namespace)
      throws UsageException {
    int slash = name.indexOf('/');
    String in = slash < 0 ? namespace : name.substring(0, slash);
    String account = name.substring(slash + 1);
    if (in == null) {
      throw wrong(
          text, "is in no namespace; write serviceaccount:NAMESPACE/" + account + ", or give -n");
    }
    if (!ObjectNames.isLabel(in)) {
      throw wrong(text, "the namespace \"" + in + "\" " + ObjectNames.LABEL);
    }
    if (!ObjectNames.isSubdomain(account)) {
      throw wrong(text, "the name \"" + account + "\" " + ObjectNames.SUBDOMAIN);
    }
    return Subject.serviceAccount(in, account);
  }

  private static UsageException wrong(String text, String why) {
    return new UsageException(TO.text() + " \"" + text + "\": " + why);
  }
}
