package dev.portcullis.node.proxy;

import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.decide.StrictnessEvidence;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.spec.Rights;
import dev.portcullis.profiles.compare.ProofComparer;
import dev.portcullis.profiles.compare.StoredComparer;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.record.PodRecord;
import dev.portcullis.profiles.record.ProofRecord;
import dev.portcullis.profiles.store.ProfileStore;
import dev.portcullis.profiles.store.UsableProfile;
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
  private final ProfileStore store;
  private final StoredComparer comparer;

  /// @param store where the other profile is looked for
  AdmittedContent(ProfileStore store, Compiler compiler) {
    this.store = store;
    this.comparer =
        new StoredComparer(store, new ProofComparer(() -> ProfileProof.by(compiler, Bounds.SMALL)));
  }

  /// Why a container may not run under a profile; null where it may.
  @Nullable String wrong(
      ContainerRequest creation, ProfileName.Localhost name, UsableProfile profile) {
    ProofRecord record = PodRecord.proofs(creation.annotations());
    if (record == null) {
      return "the pod's annotation "
          + PodRecord.PROVEN
          + " is not in Portcullis' format; delete the pod, so that Portcullis decides about it"
          + " again";
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
          + ", which counts only for containers with allowPrivilegeEscalation: false that are not"
          + " privileged and do not have CAP_SYS_ADMIN; "
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
            + "; restore the content, or delete the pod, so that Portcullis decides about it again";
  }

  /// What is not as it was when the pod was admitted; null where all is.
  private @Nullable String changed(UsableProfile profile, StrictnessEvidence proven) {
    String sha256 = profile.content().sha256();
    if (!proven.sha256().equals(sha256)) {
      return "the pod was admitted with another content of this profile (sha256 "
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
            ? ", but its record does not have the content of that profile"
            : ", which had another content (sha256 "
                + proven.baseSha256()
                + ") than "
                + (base == null ? "can be read here" : "the file here (" + base + ")"));
  }

  /// Null where there is no file that can be read.
  private @Nullable String sha256OfBase(ProfileName than) {
    return than instanceof ProfileName.Localhost other
            && store.lookup(ProfileKey.of(other)) instanceof UsableProfile base
        ? base.content().sha256()
        : null;
  }

  private static String without(Rights rights) {
    String sysAdmin = rights.sysAdmin();
    return sysAdmin == null
        ? "this one does not run with no_new_privs (no_new_privs in CRI)"
        : "this one gets " + QuotedText.of(sysAdmin) + " (add_capabilities in CRI)";
  }

  private @Nullable String why(UsableProfile profile, ProfileName than) {
    return switch (comparer.compare(profile.content(), than)) {
      case Strictness.NoWeaker _ -> null;
      case Strictness.Weaker(String where) -> "it is weaker now: " + where;
      case Strictness.Unprovable(String why) -> "this is not proven now: " + why;
    };
  }
}
