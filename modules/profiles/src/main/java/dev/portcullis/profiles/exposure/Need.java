package dev.portcullis.profiles.exposure;

import dev.portcullis.seccomp.derive.ProfileEdit;
import java.util.List;

/// What a process has to be able to do before it reaches vulnerable code.
public sealed interface Need {

  /// One of them is enough.
  record AnyOf(List<Need> needs) implements Need {
    public AnyOf {
      needs = List.copyOf(needs);
    }
  }

  /// Each of them. The first that a filter can take away is the one that closes the way.
  record AllOf(List<Need> needs) implements Need {
    public AllOf {
      needs = List.copyOf(needs);
    }
  }

  /// What is not made of others.
  sealed interface Step extends Need {
    /// In a few words: `socket:domain==AF_ALG`.
    String text();
  }

  /// A call, by one of its names, with arguments that meet conditions. Conditions are on what the
  /// kernel takes: bits that it ignores may be anything.
  ///
  /// @param denied what would deny just that
  record Calls(ProfileEdit denied) implements Step {
    @Override
    public String text() {
      return denied.text();
    }
  }

  /// To make namespaces: a user namespace, and others that belong to it. In it, the process has
  /// every capability.
  record NewNamespaces(List<Namespace> kinds) implements Step {
    public NewNamespaces {
      kinds = List.copyOf(kinds);
    }

    @Override
    public String text() {
      return "new "
          + String.join(" and ", kinds.stream().map(Namespace::text).toList())
          + (kinds.size() == 1 ? " namespace" : " namespaces");
    }
  }

  /// To have a capability.
  ///
  /// @param name in full: `CAP_NET_ADMIN`
  /// @param overNode whether it has to be one in the node's user namespace, which a user namespace
  ///   of the pod does not give
  record Capability(String name, boolean overNode) implements Step {
    @Override
    public String text() {
      return name + (overNode ? " over the node" : "");
    }
  }
}
