package dev.portcullis.node.pod;

import dev.portcullis.node.cri.SeccompSetting;
import dev.portcullis.node.profiles.CheckedProfile;
import dev.portcullis.node.profiles.ProfileRoot;
import dev.portcullis.node.profiles.RuntimeProfile;
import dev.portcullis.node.profiles.UnusableProfile;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.seccomp.finding.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Turns the profile name of a container into what the runtime is told, and checks the file behind
/// it before the runtime is asked.
public final class ProfilePreparation {
  /// What containerd gives a container that asks for nothing (its `oci.defaultUnixCaps`).
  private static final Set<String> DEFAULT_CAPABILITIES =
      Set.of(
          "CHOWN",
          "DAC_OVERRIDE",
          "FSETID",
          "FOWNER",
          "MKNOD",
          "NET_RAW",
          "SETGID",
          "SETUID",
          "SETFCAP",
          "SETPCAP",
          "NET_BIND_SERVICE",
          "SYS_CHROOT",
          "KILL",
          "AUDIT_WRITE");

  private final ProfileRoot root;
  private final ThisMachine machine;
  private final Path converted;

  /// @param converted where profiles that the runtime would misread are written in its words; made
  ///   when it is needed
  public ProfilePreparation(ProfileRoot root, ThisMachine machine, Path converted) {
    this.root = root;
    this.machine = machine;
    this.converted = converted;
  }

  /// What came of it.
  public sealed interface Preparation {}

  /// It can be used.
  public record Ready(PreparedProfile profile) implements Preparation {}

  /// It cannot.
  ///
  /// @param missing whether the file could not be had, rather than being wrong
  public record Unusable(String message, boolean missing) implements Preparation {}

  public Preparation prepare(ContainerPlan container) throws IOException {
    return switch (container.judgement().profile()) {
      case null ->
          throw new IllegalArgumentException(container.name() + " was refused: it has no profile");
      case ProfileName.RuntimeDefault _ ->
          new Ready(new PreparedProfile(new SeccompSetting.RuntimeDefault(), List.of()));
      case ProfileName.Unconfined _ ->
          new Ready(new PreparedProfile(new SeccompSetting.Unconfined(), List.of()));
      case ProfileName.Localhost(String path) ->
          switch (root.check(path)) {
            case CheckedProfile profile -> ready(profile, container);
            case UnusableProfile(var cause, _, _, String message) ->
                new Unusable(
                    message,
                    switch (cause) {
                      case MISSING, UNREADABLE -> true;
                      case BAD_PATH, OUTSIDE, NOT_A_FILE, TOO_LARGE, NOT_A_PROFILE -> false;
                    });
          };
    };
  }

  private Ready ready(CheckedProfile profile, ContainerPlan container) throws IOException {
    List<String> warnings = new ArrayList<>();
    for (var finding : profile.warnings()) {
      if (finding.severity() != Severity.NOTE) {
        String place = finding.at().line() == 0 ? ": " : ":";
        warnings.add(profile.file() + place + finding);
      }
    }
    Path file =
        switch (profile.forRuntime(machine.target(capabilities(container)))) {
          case RuntimeProfile.AsWritten(Path original) -> original;
          case RuntimeProfile.Converted(_, String json) -> write(profile, container, json);
        };
    return new Ready(new PreparedProfile(new SeccompSetting.Localhost(file), warnings));
  }

  /// The bounding set, on which Docker's conditions in profiles depend.
  private static Set<String> capabilities(ContainerPlan container) {
    List<String> add = container.rights().capabilities().add();
    List<String> drop = container.rights().capabilities().drop();
    Set<String> names = new TreeSet<>();
    if (container.privileged() || add.contains("ALL")) {
      names.addAll(ThisMachine.ALL_CAPABILITIES);
    } else if (!drop.contains("ALL")) {
      names.addAll(DEFAULT_CAPABILITIES);
    }
    names.addAll(add);
    names.removeAll(drop);
    names.remove("ALL");
    Set<String> full = new TreeSet<>();
    names.forEach(name -> full.add("CAP_" + name));
    return full;
  }

  private Path write(CheckedProfile profile, ContainerPlan container, String json)
      throws IOException {
    Files.createDirectories(converted);
    // By content and container: the same file may be converted differently for another container.
    Path file =
        converted.resolve(
            profile.sha256().substring(0, 16)
                + "-"
                + Integer.toHexString(capabilities(container).hashCode())
                + ".json");
    Files.writeString(file, json, StandardCharsets.UTF_8);
    return file;
  }
}
