package dev.portcullis.cri;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.runtime.Runtimes;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a runtime gave to the OCI runtime for a container (`config.json` of the OCI runtime
/// specification), as far as it is about the filter.
public final class RuntimeSpecSeccomp {
  private static final Set<String> DEFAULT_NAMES = Runtimes.known().namesOfDefault();

  private final byte @Nullable [] profile;
  private final String listener;
  private final Set<String> bounding;
  private final @Nullable Boolean isDefault;

  private RuntimeSpecSeccomp(
      byte @Nullable [] profile,
      String listener,
      Set<String> bounding,
      @Nullable Boolean isDefault) {
    this.profile = profile;
    this.listener = listener;
    this.bounding = Set.copyOf(bounding);
    this.isDefault = isDefault;
  }

  /// The profile, `linux.seccomp` there, as JSON; empty where the container has none.
  public Optional<byte[]> profile() {
    return Optional.ofNullable(profile).map(byte[]::clone);
  }

  /// The capabilities that the container can have, in names as `CAP_CHOWN`: containerd's default
  /// profile depends on them.
  public Set<String> boundingCapabilities() {
    return bounding;
  }

  /// Whether the runtime was asked for its default profile, and reports that.
  public boolean isRuntimeDefault() {
    return Boolean.TRUE.equals(isDefault);
  }

  /// Whether it reports that it was asked for another one, or for none.
  public boolean isAnother() {
    return Boolean.FALSE.equals(isDefault);
  }

  /// Whether CRI-O's seccomp notifier watches it, by an annotation of its pod: then the profile is
  /// not the one that was asked for. What it denies is asked of a listener at a path of the
  /// container's own (`injectNotifier` in internal/config/seccomp/notifier.go).
  ///
  /// @param container the id of the container
  public boolean isWatched(String container) {
    return listener.endsWith("/" + container);
  }

  /// The listener that decides about calls with `SCMP_ACT_NOTIFY`; empty where there is none.
  public String listener() {
    return listener;
  }

  /// Reads it out of the verbose information, which CRI leaves open.
  ///
  /// @return empty where the runtime does not report what it gave
  static Optional<RuntimeSpecSeccomp> of(Map<String, String> info) {
    Value verbose = CriReplies.verbose(info, "info");
    if (!(CriReplies.at(verbose, "runtimeSpec") instanceof Mapping spec)) {
      return Optional.empty();
    }
    byte[] profile =
        CriReplies.at(spec, "linux", "seccomp") instanceof Mapping seccomp
            ? JsonWriter.pretty(seccomp).getBytes(UTF_8)
            : null;
    String listener =
        CriReplies.at(spec, "linux", "seccomp", "listenerPath")
                instanceof Value.Text(_, String path)
            ? path
            : "";
    Set<String> bounding = new TreeSet<>();
    if (CriReplies.at(spec, "process", "capabilities", "bounding") instanceof Sequence list) {
      for (Value item : list.items()) {
        if (item instanceof Value.Text(_, String name)) {
          bounding.add(name);
        }
      }
    }
    return Optional.of(
        new RuntimeSpecSeccomp(profile, listener, bounding, asksForDefault(verbose)));
  }

  /// containerd repeats the request; CRI-O notes the name among the container's annotations, and
  /// nothing for a profile out of a registry.
  ///
  /// @return null where it is not reported
  private static @Nullable Boolean asksForDefault(@Nullable Value verbose) {
    Value name =
        CriReplies.at(
            verbose, "runtimeSpec", "annotations", "io.kubernetes.cri-o.SeccompProfilePath");
    if (name != null) {
      return isDefaultName(name);
    }
    Value context = CriReplies.at(verbose, "config", "linux", "security_context");
    if (context == null) {
      return null;
    }
    if (CriReplies.at(context, "seccomp") instanceof Mapping message) {
      // SecurityProfile.ProfileType: RuntimeDefault is 0, which Go leaves out.
      Value type = message.present("profile_type");
      return type == null
          || (type instanceof Value.Numeral(_, String number) && number.equals("0"));
    }
    return isDefaultName(CriReplies.at(context, "seccomp_profile_path"));
  }

  private static boolean isDefaultName(@Nullable Value value) {
    return value instanceof Value.Text(_, String name) && DEFAULT_NAMES.contains(name);
  }
}
