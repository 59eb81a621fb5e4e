package dev.portcullis.admission.ruling;

import dev.portcullis.pods.object.GoQuote;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whom the webhook's rules are for.
///
/// @param mode of namespaces that have none of their own
/// @param namespaces that are left alone
/// @param users that are left alone, by name
/// @param runtimeClasses whose pods are left alone: a virtual machine has a kernel of its own
public record Scope(
    Mode mode, Set<String> namespaces, Set<String> users, Set<String> runtimeClasses) {
  public Scope {
    namespaces = Set.copyOf(namespaces);
    users = Set.copyOf(users);
    runtimeClasses = Set.copyOf(runtimeClasses);
  }

  /// The mode of a namespace, by its label.
  ///
  /// @param label null where the namespace has none
  Chosen modeOf(@Nullable String label) {
    if (label == null) {
      return new Chosen(mode, null);
    }
    Mode named = Mode.named(label);
    return named == null
        // A slip of the pen must not open what was meant to be closed.
        ? new Chosen(
            Mode.ENFORCE,
            "the namespace's label "
                + Mode.LABEL
                + " is "
                + GoQuote.quote(label)
                + ", which is not a mode, so the mode is enforce; use enforce, warn, audit or off")
        : new Chosen(named, null);
  }

  /// @param slip what is wrong with the label; null where nothing is
  record Chosen(Mode mode, @Nullable String slip) {}
}
