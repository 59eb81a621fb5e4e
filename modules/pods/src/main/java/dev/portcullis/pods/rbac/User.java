package dev.portcullis.pods.rbac;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who asks, as the API server's authenticators would name them.
///
/// @param extra what else the authenticator said; authorizers other than RBAC look at it
public record User(String name, Set<String> groups, Map<String, List<String>> extra) {
  private static final String SERVICE_ACCOUNT_PREFIX = "system:serviceaccount:";
  public static final String AUTHENTICATED = "system:authenticated";
  public static final String SERVICE_ACCOUNTS = "system:serviceaccounts";
  private static final String ANONYMOUS = "system:anonymous";
  private static final String UNAUTHENTICATED = "system:unauthenticated";

  public User {
    groups = Set.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  public User(String name, Set<String> groups) {
    this(name, groups, Map.of());
  }

  /// Somebody who sends a request, with the groups that every authenticated user has, and those of
  /// a service account where the name is one's and no groups are given (the API server's filter for
  /// impersonation does the same).
  public static User requesting(String name, List<String> groups) {
    Set<String> all = new LinkedHashSet<>(groups);
    String[] parts = name.split(":", -1);
    if (groups.isEmpty() && name.startsWith(SERVICE_ACCOUNT_PREFIX) && parts.length == 4) {
      all.addAll(serviceAccount(parts[2], parts[3]).groups());
    }
    all.add(name.equals(ANONYMOUS) ? UNAUTHENTICATED : AUTHENTICATED);
    return new User(name, all);
  }

  /// A pod's service account. It is asked for without `system:authenticated`, as PodSecurityPolicy
  /// asks.
  public static User serviceAccount(String namespace, String name) {
    return new User(
        SERVICE_ACCOUNT_PREFIX + namespace + ":" + name,
        Set.of(SERVICE_ACCOUNTS, "system:serviceaccounts:" + namespace));
  }

  /// Whether this is the service account of a namespace.
  boolean isServiceAccount(String namespace, String account) {
    return name.equals(SERVICE_ACCOUNT_PREFIX + namespace + ":" + account);
  }
}
