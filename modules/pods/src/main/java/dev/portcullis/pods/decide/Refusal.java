package dev.portcullis.pods.decide;

import java.util.ArrayList;
import java.util.List;

/// Why a container may not run under a profile, in the parts of its message.
///
/// @param subject who may not: `container "web"`
/// @param what they may not, and why they would: `may not run under localhost/a (named by ...)`
/// @param usable which policies there are for whom, and what these allow
/// @param unproven why no proof allowed it; empty where none was tried
/// @param others which other policies allow it; empty where there is nothing to say
/// @param otherwise what helps without a policy; empty where nothing does
public record Refusal(
    String subject,
    String what,
    String usable,
    List<String> unproven,
    String others,
    String otherwise) {
  public Refusal {
    unproven = List.copyOf(unproven);
  }

  /// The message, on one line.
  public String text() {
    List<String> parts = new ArrayList<>();
    parts.add(subject + " " + what + ": " + usable);
    parts.addAll(unproven);
    parts.add(others);
    parts.add(otherwise);
    parts.removeIf(String::isEmpty);
    return String.join("; ", parts);
  }
}
