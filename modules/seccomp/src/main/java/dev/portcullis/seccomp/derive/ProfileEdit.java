package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.profile.ArgumentCondition;
import java.util.List;

/// A change to a profile: calls that are to be allowed, or denied.
///
/// @param text as it was given
/// @param allow whether calls are to be allowed, or else denied
/// @param names of the calls
/// @param conditions all of which hold for the calls that are meant; none means all of these names
public record ProfileEdit(
    String text, boolean allow, List<String> names, List<ArgumentCondition> conditions) {
  public ProfileEdit {
    names = List.copyOf(names);
    conditions = List.copyOf(conditions);
  }
}
