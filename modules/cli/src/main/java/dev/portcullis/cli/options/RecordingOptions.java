package dev.portcullis.cli.options;

import dev.portcullis.seccomp.finding.SpellingHint;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.ArgumentConditions;
import dev.portcullis.seccomp.recording.NeededCalls;
import dev.portcullis.seccomp.recording.ProfileWish;
import dev.portcullis.seccomp.runtime.Runtimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What profile is made of a recording.
public final class RecordingOptions {
  public static final Option ARGUMENTS =
      Option.value(
              "arguments",
              "none|usual|all",
              "which arguments the profile has conditions on: usual is those that say what a call"
                  + " does, such as the domain of a socket")
          .usually("usual")
          .taking(Values.oneOf(words()));

  public static final Option OCI_RUNTIMES =
      Option.value(
              "oci-runtimes",
              "NAME,...",
              "add what these OCI runtimes need to start a container under the profile, or none")
          .usually(Runtimes.RUNC + "," + Runtimes.CRUN)
          .taking(Values.oneOf(List.of(Runtimes.RUNC, Runtimes.CRUN, "none")).listed());

  public static final Option BASE =
      Option.value(
          "base",
          "PROFILE",
          "write this profile, and what was recorded beyond it: a FILE, or a built-in default such"
              + " as containerd/default (default: the recorded calls alone)");

  /// For the grammar of a verb.
  public static final List<Option> ALL = List.of(ARGUMENTS, OCI_RUNTIMES, BASE);

  private RecordingOptions() {}

  private static List<String> words() {
    return Arrays.stream(ArgumentConditions.values())
        .map(each -> each.name().toLowerCase(Locale.ROOT))
        .toList();
  }

  /// The values of {@link #ALL}.
  ///
  /// @param machine whose architecture comes first in the profile
  public static ProfileWish wish(Arguments arguments, Architecture machine) throws UsageException {
    return new ProfileWish(conditions(arguments.text(ARGUMENTS)), runtimes(arguments), machine);
  }

  private static ArgumentConditions conditions(String word) throws UsageException {
    Map<String, ArgumentConditions> known = new LinkedHashMap<>();
    for (ArgumentConditions each : ArgumentConditions.values()) {
      known.put(each.name().toLowerCase(Locale.ROOT), each);
    }
    ArgumentConditions conditions = known.get(word);
    if (conditions == null) {
      throw new UsageException(
          ARGUMENTS.text()
              + ": \""
              + word
              + "\" is not known; use none, usual or all"
              + SpellingHint.hint(word, known.keySet()));
    }
    return conditions;
  }

  private static List<String> runtimes(Arguments arguments) throws UsageException {
    String list = arguments.text(OCI_RUNTIMES);
    List<String> runtimes = new ArrayList<>();
    if (list.equals("none")) {
      return runtimes;
    }
    for (String each : list.split(",", -1)) {
      String name = each.strip();
      if (!NeededCalls.ociRuntimes().contains(name)) {
        throw new UsageException(
            OCI_RUNTIMES.text()
                + ": it is not known what \""
                + name
                + "\" needs; use "
                + String.join(", ", NeededCalls.ociRuntimes())
                + " or none"
                + SpellingHint.hint(name, NeededCalls.ociRuntimes()));
      }
      runtimes.add(name);
    }
    return runtimes;
  }
}
