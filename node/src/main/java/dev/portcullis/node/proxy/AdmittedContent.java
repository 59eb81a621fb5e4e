package dev.portcullis.node.proxy;

import dev.portcullis.node.profiles.CheckedProfile;
import dev.portcullis.node.profiles.ProfileRoot;
import dev.portcullis.node.profiles.UnusableProfile;
import dev.portcullis.pods.decide.ProofRecord;
import dev.portcullis.pods.decide.Proven;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.spec.Rights;
import dev.portcullis.seccomp.compare.ProfileProof;
import dev.portcullis.seccomp.finding.Quoted;
import dev.portcullis.seccomp.meaning.Bounds;
import org.jspecify.annotations.Nullable;

/// Holds a pod to what it was admitted for. One whose profile no list names was admitted for a
/// content that is no weaker than another one; where the file has another content by now, that is
/// proven again here, or the container is not made.
final class AdmittedContent {
  private final ProfileRoot root;

  /// Made when something is to be proven.
  private @Nullable ProfileProof proof;

  /// @param root where the other profile is looked for
  AdmittedContent(ProfileRoot root) {
    this.root = root;
  }

  /// Why a container may not run under a profile; null where it may.
  @Nullable String wrong(Creation creation, ProfileName.Localhost name, CheckedProfile profile) {
    String text = creation.annotations().get(ProofRecord.KEY);
    if (text == null) {
      return null;
    }
    ProofRecord record = ProofRecord.read(text);
    if (record == null) {
      return "the pod's annotation "
          + ProofRecord.KEY
          + " is not as Portcullis writes it; delete the pod, so that it is judged again";
    }
    Proven proven = record.byProfile().get("localhost/" + name.cleaned());
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
    String sha256 = profile.content().sha256();
    if (proven.sha256().equals(sha256)) {
      return null;
    }
    String why = why(profile, proven.than());
    return why == null
        ? null
        : "the pod was admitted for another content of it (sha256 "
            + proven.sha256()
            + ", and the file has "
            + sha256
            + "), as no weaker than "
            + proven.than().text()
            + "; "
            + why
            + "; put the content back, or delete the pod, so that it is judged again";
  }

  private static String without(Rights rights) {
    String sysAdmin = rights.sysAdmin();
    return sysAdmin == null
        ? "this one is not to run under no_new_privs (no_new_privs in CRI)"
        : "this one gets " + Quoted.of(sysAdmin) + " (add_capabilities in CRI)";
  }

  private synchronized @Nullable String why(CheckedProfile profile, ProfileName than) {
    if (proof == null) {
      proof = ProfileProof.ofThisMachine(Bounds.SMALL);
    }
    byte[] content = profile.content().bytes();
    return switch (than) {
      case ProfileName.Unconfined _ -> why(proof.compareToUnconfined(content));
      case ProfileName.RuntimeDefault _ -> "nobody knows here what the runtime's default is";
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
      case ProfileProof.Unprovable(String why) -> "nothing proves that of it now: " + why;
    };
  }
}
