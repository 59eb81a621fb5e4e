package dev.portcullis.node.pod;

import dev.portcullis.node.cri.SeccompSetting;
import dev.portcullis.node.profiles.CheckedProfile;
import dev.portcullis.node.profiles.ProfileRoot;
import dev.portcullis.node.profiles.RuntimeProfile;
import dev.portcullis.node.profiles.UnusableProfile;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
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

  /// What the runtime is told for a container, or why its profile cannot be used.
  ///
  /// @param runtime that will make the container
  public Preparation prepare(ContainerPlan container, OciRuntime runtime) throws IOException {
    return switch (container.judgement().profile()) {
      case null ->
          throw new IllegalArgumentException(container.name() + " was refused: it has no profile");
      case ProfileName.RuntimeDefault _ ->
          new Ready(new PreparedProfile(new SeccompSetting.RuntimeDefault(), List.of()));
      case ProfileName.Unconfined _ ->
          new Ready(new PreparedProfile(new SeccompSetting.Unconfined(), List.of()));
      case ProfileName.Localhost(String path) ->
          switch (root.check(path)) {
            case CheckedProfile profile -> checked(profile, container, runtime);
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

  private Preparation checked(CheckedProfile profile, ContainerPlan container, OciRuntime runtime)
      throws IOException {
    List<String> warnings = new ArrayList<>();
    for (Finding finding : profile.warnings()) {
      String text = profile.file() + (finding.at().line() == 0 ? ": " : ":") + finding;
      // No runtime reads the profile of a privileged container.
      if (runtime.refuses(finding.problem()) && !container.privileged()) {
        return new Unusable(text, false);
      }
      if (finding.severity() != Severity.NOTE) {
        warnings.add(text);
      }
    }
    Path file =
        switch (profile.forRuntime(machine.target(capabilities(container)))) {
          case RuntimeProfile.AsWritten(Path original) -> original;
          case RuntimeProfile.Converted(_, String json) -> write(json);
        };
    return new Ready(new PreparedProfile(new SeccompSetting.Localhost(file), warnings));
  }

  /// The bounding set, on which Docker's conditions in profiles depend. In the order of containerd
  /// (`customopts.WithCapabilities` and the drops after it): `ALL` first, added then dropped.
  private static Set<String> capabilities(ContainerPlan container) {
    List<String> add = container.rights().capabilities().add();
    List<String> drop = container.rights().capabilities().drop();
    Set<String> names = new TreeSet<>(DEFAULT_CAPABILITIES);
    if (container.privileged() || add.contains("ALL")) {
      names.addAll(ThisMachine.ALL_CAPABILITIES);
    }
    if (drop.contains("ALL") && !container.privileged()) {
      names.clear();
    }
    names.addAll(add);
    names.removeAll(drop);
    names.remove("ALL");
    Set<String> full = new TreeSet<>();
    names.forEach(name -> full.add("CAP_" + name));
    return full;
  }

  /// Named by its content: the same file may become another profile for another container.
  private Path write(String json) throws IOException {
    byte[] content = json.getBytes(StandardCharsets.UTF_8);
    Files.createDirectories(converted);
    Path file = converted.resolve(sha256(content) + ".json");
    Files.write(file, content);
    return file;
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
