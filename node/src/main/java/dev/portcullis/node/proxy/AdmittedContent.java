package dev.portcullis.node.proxy;

import dev.portcullis.container.profiles.CheckedProfile;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.container.profiles.UnusableProfile;
import dev.portcullis.pods.decide.StrictnessEvidence;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.spec.Rights;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.record.PodRecord;
import dev.portcullis.profiles.record.ProofRecord;
import dev.portcullis.seccomp.compare.ProfileProof;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.meaning.Bounds;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Holds a pod to what it was admitted for. One whose profile no list names was admitted for a
/// content that is no weaker than that of another profile. Where a file has another content here
/// than either had then, it is proven again, by the files that are here, or the container is not
/// made.
final class AdmittedContent {
  private final ProfileRoot root;
  private final Compiler compiler;

  /// Made when something is to be proven.
  private @Nullable ProfileProof proof;

  /// @param root where the other profile is looked for
  AdmittedContent(ProfileRoot root, Compiler compiler) {
    this.root = root;
    this.compiler = compiler;
  }

  /// Why a container may not run under a profile; null where it may.
  @Nullable String wrong(
      ContainerRequest creation, ProfileName.Localhost name, CheckedProfile profile) {
    ProofRecord record = PodRecord.proofs(creation.annotations());
    if (record == null) {
      return "the pod's annotation "
          + PodRecord.PROVEN
          + " is not as Portcullis writes it; delete the pod, so that it is judged again";
    }
    StrictnessEvidence proven = record.byProfile().get(ProfileKey.of(name));
    if (proven == null) {
      return null;
    }
    // The record names the profile, and other containers of the pod can name it too: those that
    // were there were judged, and ephemeral ones come later.
    if (!creation.rights().noNewPrivileges()) {
      return "the pod was admitted because it is no weaker than "
          + proven.than().text()
          + ", which holds for containers with allowPrivilegeEscalation: false alone, that are not"
          + " privileged and have no CAP_SYS_ADMIN; "
          + without(creation.rights())
          + "; give this container another profile, or set allowPrivilegeEscalation: false";
    }
    String changed = changed(profile, proven);
    if (changed == null) {
      return null;
    }
    String why = why(profile, proven.than());
    return why == null
        ? null
        : changed
            + "; "
            + why
            + "; put the content back, or delete the pod, so that it is judged again";
  }

  /// What is not as it was when the pod was admitted; null where all is.
  private @Nullable String changed(CheckedProfile profile, StrictnessEvidence proven) {
    String sha256 = profile.content().sha256();
    if (!proven.sha256().equals(sha256)) {
      return "the pod was admitted for another content of it (sha256 "
          + proven.sha256()
          + ", and the file has "
          + sha256
          + "), as no weaker than "
          + proven.than().text();
    }
    String base = sha256OfBase(proven.than());
    if (Objects.equals(proven.baseSha256(), base)
        && (base != null || proven.than() instanceof ProfileName.Unconfined)) {
      return null;
    }
    return "the pod was admitted because it is no weaker than "
        + proven.than().text()
        + (proven.baseSha256() == null
            ? ", and its record does not say which content that had"
            : ", which had another content (sha256 "
                + proven.baseSha256()
                + ") than "
                + (base == null ? "can be read here" : "the file here (" + base + ")"));
  }

  /// Null where there is no file that can be read.
  private @Nullable String sha256OfBase(ProfileName than) {
    return than instanceof ProfileName.Localhost(String path)
            && root.check(path) instanceof CheckedProfile base
        ? base.content().sha256()
        : null;
  }

  private static String without(Rights rights) {
    String sysAdmin = rights.sysAdmin();
    return sysAdmin == null
        ? "this one is not to run under no_new_privs (no_new_privs in CRI)"
        : "this one gets " + QuotedText.of(sysAdmin) + " (add_capabilities in CRI)";
  }

  private synchronized @Nullable String why(CheckedProfile profile, ProfileName than) {
    if (proof == null) {
      proof = ProfileProof.by(compiler, Bounds.SMALL);
    }
    byte[] content = profile.content().bytes();
    return switch (than) {
      case ProfileName.Unconfined _ -> why(proof.compareToUnconfined(content));
      case ProfileName.RuntimeDefault _ ->
          "the runtime's default profile is not available on this node";
      case ProfileName.Localhost(String path) ->
          switch (root.check(path)) {
            case UnusableProfile unusable -> unusable.message();
            case CheckedProfile other -> why(proof.compare(content, other.content().bytes()));
          };
    };
  }

  private static @Nullable String why(ProfileProof.Outcome outcome) {
    return switch (outcome) {
      case ProfileProof.NoWeaker _ -> null;
      case ProfileProof.Weaker weaker -> "it is weaker now: " + weaker.text();
      case ProfileProof.Incomparable differing ->
          "nothing proves that of it now: " + differing.text();
      case ProfileProof.Unprovable(String why) -> "nothing proves that of it now: " + why;
      case ProfileProof.Unfinished(String why) -> "nothing proves that of it now: " + why;
    };
  }
}
