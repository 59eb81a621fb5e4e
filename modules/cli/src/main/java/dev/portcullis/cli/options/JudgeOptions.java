package dev.portcullis.cli.options;

import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import java.util.List;
import java.util.stream.Stream;

/// For whom pods are judged, and what counts where they name nothing.
public final class JudgeOptions {
  public static final Option AS =
      Option.value(
          "as",
          "USER",
          "decide for this user, by the grants in RBAC (default: every policy counts)");

  public static final Option AS_GROUP =
      Option.values("as-group", "GROUP", "a group of the user of --as; may be repeated");

  public static final Option DEFAULT_PROFILE =
      Option.value(
              "default-profile",
              "NAME",
              "profile of containers that name none, if no policy has a default")
          .taking(ProfileNameArgument.VALUES)
          .usually("runtime/default");

  private static final Choice<Boolean> PRIVILEGED =
      Choice.of(
              "privileged-as",
              "judge privileged containers as unconfined, which they run as, or (deprecated) by"
                  + " the name, which has no effect on them",
              List.of(true, false),
              byName -> byName ? "name" : "unconfined")
          .usually("unconfined");

  public static final Option PRIVILEGED_AS = PRIVILEGED.option();

  public static final Option TRUST_WINDOWS_PODS =
      Option.flag(
          "trust-windows-pods",
          "leave Windows pods alone; only where every kubelet is 1.24 or newer: older ones run them"
              + " on Linux, unconfined");

  /// All of them, and those that say by what is judged, for the grammar of a verb.
  public static final List<Option> ALL =
      Stream.of(
              PolicyOptions.ALL,
              List.of(AS, AS_GROUP, DEFAULT_PROFILE, PRIVILEGED_AS, TRUST_WINDOWS_PODS),
              ProfileRootOptions.ALL)
          .flatMap(List::stream)
          .toList();

  private JudgeOptions() {}

  /// Where pods are taken at their word, by {@link #PRIVILEGED_AS} and {@link #TRUST_WINDOWS_PODS}.
  public static Leniency leniency(Arguments arguments) throws UsageException {
    return new Leniency(PRIVILEGED.read(arguments), arguments.has(TRUST_WINDOWS_PODS));
  }

  /// The value of {@link #DEFAULT_PROFILE}.
  public static ProfileName defaultProfile(Arguments arguments) throws UsageException {
    return ProfileNameArgument.read("--default-profile: ", arguments.text(DEFAULT_PROFILE));
  }
}
