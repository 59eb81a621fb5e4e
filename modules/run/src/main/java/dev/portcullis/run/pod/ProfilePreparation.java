package dev.portcullis.run.pod;

import dev.portcullis.container.profiles.AllowedListeners;
import dev.portcullis.container.profiles.BoundingSet;
import dev.portcullis.container.profiles.CompilationGuard;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.container.profiles.RuntimeProfile;
import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.cri.runtime.DefaultCapabilities;
import dev.portcullis.cri.runtime.RuntimeCapabilities;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.pods.decide.Ground;
import dev.portcullis.pods.decide.StrictnessEvidence;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.finding.Severity;
import dev.portcullis.seccomp.resolve.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Turns the profile name of a container into what the runtime is told, and checks the file behind
/// it before the runtime is asked.
public final class ProfilePreparation {
  private final ProfileRoot root;
  private final AllowedListeners listeners;
  private final ThisMachine machine;
  private final DefaultCapabilities defaults;
  private final Snapshots snapshots;
  private final CompilationGuard filters;

  /// @param listeners the sockets that profiles may name
  /// @param defaults what the runtime gives to containers by itself
  /// @param snapshots what the runtime will read
  /// @param filters whether the runtime gets filters made
  public ProfilePreparation(
      ProfileRoot root,
      AllowedListeners listeners,
      ThisMachine machine,
      DefaultCapabilities defaults,
      Snapshots snapshots,
      CompilationGuard filters) {
    this.filters = filters;
    this.root = root;
    this.listeners = listeners;
    this.machine = machine;
    this.defaults = defaults;
    this.snapshots = snapshots;
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
  /// @param handler by which it is made; empty for the runtime's default
  public Preparation prepare(ContainerPlan container, OciRuntime runtime, String handler)
      throws IOException {
    return switch (container.decision().profile()) {
      case ProfileName.RuntimeDefault _ ->
          new Ready(PreparedProfile.withoutFile(new SeccompSetting.RuntimeDefault()));
      case ProfileName.Unconfined _ ->
          new Ready(PreparedProfile.withoutFile(new SeccompSetting.Unconfined()));
      case ProfileName.Localhost(String path) ->
          switch (root.check(path)) {
            case UsableProfile profile -> checked(path, profile, container, runtime, handler);
            case ProfileLookup.Absent(String why) -> new Unusable(why, true);
            case ProfileLookup.Undecided(String why) -> new Unusable(why, true);
            case ProfileLookup.Unusable(String why, _) -> new Unusable(why, false);
          };
    };
  }

  private Preparation checked(
      String path,
      UsableProfile profile,
      ContainerPlan container,
      OciRuntime runtime,
      String handler)
      throws IOException {
    if (container.decision().ground() instanceof Ground.ByProof(_, StrictnessEvidence proven)
        && !proven.sha256().equals(profile.content().sha256())) {
      return new Unusable(
          profile.source()
              + ": its content has changed since it was proven to be no weaker than "
              + proven.than().text()
              + "; run it again",
          false);
    }
    String refusal = listeners.refusal(profile.profile());
    if (refusal != null && !container.privileged()) {
      return new Unusable(QuotedText.path(profile.source()) + ": " + refusal, false);
    }
    List<String> warnings = new ArrayList<>();
    for (Finding finding : profile.findings()) {
      String text = profile.source() + (finding.at().line() == 0 ? ": " : ":") + finding;
      // No runtime reads the profile of a privileged container.
      if (runtime.refuses(finding.problem()) && !container.privileged()) {
        return new Unusable(text, false);
      }
      if (finding.severity() != Severity.NOTE) {
        warnings.add(text);
      }
    }
    ContainerSpec.Capabilities capabilities = container.rights().capabilities();
    // What it gets without asking matters to Docker's conditions alone.
    RuntimeCapabilities own =
        profile.profile().dockerOnly().isEmpty()
            ? RuntimeCapabilities.NONE
            : defaults.ofHandler(handler);
    Set<String> bounding =
        BoundingSet.of(own, container.privileged(), capabilities.add(), capabilities.drop());
    Target target = machine.target(bounding);
    RuntimeProfile given = RuntimeProfile.of(profile, target);
    String wrong = container.privileged() ? null : filters.wrong(given.profile());
    if (wrong != null) {
      return new Unusable(profile.source() + ": " + wrong, false);
    }
    // Never closed: the directory goes with the run.
    return new Ready(
        PreparedProfile.ofFile(path, snapshots.hold(given.content()).file(), warnings));
  }
}
