package dev.portcullis.profiles.exposure;

import java.util.List;

/// What people ask of a filter: whether it lets a process do this. Other things may be needed, too,
/// such as a capability: they are not asked about.
///
/// @param id `user-namespaces`
/// @param title in the words of those who ask
/// @param ways to do it, of which one is enough
public record Ability(String id, String title, List<Need.Step> ways) {
  public Ability {
    ways = List.copyOf(ways);
  }
}
