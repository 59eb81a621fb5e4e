package dev.portcullis.pods.rbac;

import java.util.List;

/// Whom a binding gives a role.
///
/// @param namespace of a service account; empty for others
public record Subject(Kind kind, String name, String namespace) {
  /// Every user who has shown who they are, and the pods of workloads, which controllers create.
  /// All service accounts are in the first group where they ask themselves; an API server that asks
  /// for one in CEL (`authorizer.serviceAccount`) counts it to the second alone.
  public static final List<Subject> EVERYBODY =
      List.of(group(User.AUTHENTICATED), group(User.SERVICE_ACCOUNTS));

  /// The length of the longest name that a command line takes. Authenticators make shorter ones.
  public static final int LONGEST_NAME = 512;

  /// The kinds that RBAC knows.
  public enum Kind {
    USER("User", "user"),
    GROUP("Group", "group"),
    SERVICE_ACCOUNT("ServiceAccount", "serviceaccount");

    private final String text;
    private final String word;

    Kind(String text, String word) {
      this.text = text;
      this.word = word;
    }

    String text() {
      return text;
    }

    /// Before the colon, on a command line.
    public String word() {
      return word;
    }
  }

  public static Subject user(String name) {
    return new Subject(Kind.USER, name, "");
  }

  public static Subject group(String name) {
    return new Subject(Kind.GROUP, name, "");
  }

  public static Subject serviceAccount(String namespace, String name) {
    return new Subject(Kind.SERVICE_ACCOUNT, name, namespace);
  }

  /// As a command line names it: `user:alice`, `serviceaccount:shop/web`.
  public String text() {
    return kind.word + ":" + (namespace.isEmpty() ? name : namespace + "/" + name);
  }

  boolean is(User user) {
    return switch (kind) {
      case USER -> user.name().equals(name);
      case GROUP -> user.groups().contains(name);
      case SERVICE_ACCOUNT -> user.isServiceAccount(namespace, name);
    };
  }
}
