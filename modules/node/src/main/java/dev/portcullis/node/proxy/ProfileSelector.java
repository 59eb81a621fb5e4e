package dev.portcullis.node.proxy;

import dev.portcullis.cri.SeccompRequest;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.resolve.RequestedProfile;
import dev.portcullis.profiles.key.ProfileKey;
import dev.portcullis.profiles.record.PodRecord;
import dev.portcullis.seccomp.finding.QuotedText;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which profile a container gets: the kubelet's own choice where it named one, else what the pod's
/// annotations say, else the node's default. docs/node.md has the table.
///
/// What is present and unusable is an error and never gives way to something else.
///
/// @param profileRoot as the kubelet has it: the files that it names are below it
/// @param otherwise the node's default
record ProfileSelector(Path profileRoot, ProfileName otherwise) {
  private static final String STRING = "CRI field seccomp_profile_path";
  private static final String MESSAGE = "CRI field seccomp";

  Selection about(ContainerRequest creation) {
    if (creation.rights().privileged()) {
      return new Selection.LeftAlone();
    }
    SeccompRequest.Message message = creation.seccomp().message();
    RequestedProfile requested = PodOfCreation.requested(creation);
    boolean names = message != null && message.type() != SeccompRequest.Type.UNCONFINED;
    if (message != null && !message.localhostRef().isEmpty() && !isLocalhost(message)) {
      return new Selection.Unusable(
          MESSAGE, "localhost_ref " + QuotedText.of(message.localhostRef()) + " with another type");
    }
    // What the message names comes from a field, which cannot change once the pod exists. The
    // string
    // comes from annotations, too, and these can be written to a pod that exists in ways that no
    // admission of pods sees. Runtimes that read both take the message.
    if (message != null && names) {
      return ofMessage(message, requested);
    }
    // No field names a profile. A user who filled in the string has looked at fields and
    // annotations, so an explicit Unconfined is in it, too.
    if (!creation.seccomp().path().isEmpty()) {
      return ofString(creation.seccomp().path(), requested);
    }
    // Unconfined is what kubelets send for a container that names nothing, too. Of one that
    // admission has judged by its name it is meant.
    if (message != null
        && PodRecord.isIn(creation.annotations())
        && PodRecord.isUnconfined(creation.annotations(), creation.container())) {
      return chosen(new ProfileText.Named(ProfileName.UNCONFINED), MESSAGE, requested);
    }
    return switch (requested) {
      case RequestedProfile.Named named -> ofAnnotation(named);
      case RequestedProfile.Unnamed() ->
          new Selection.Chosen(otherwise, SelectionOrigin.NODE_DEFAULT, "--default-profile");
    };
  }

  private static boolean isLocalhost(SeccompRequest.Message message) {
    return message.type() == SeccompRequest.Type.LOCALHOST;
  }

  private Selection ofMessage(SeccompRequest.Message message, RequestedProfile requested) {
    return switch (message.type()) {
      case RUNTIME_DEFAULT ->
          chosen(new ProfileText.Named(ProfileName.RUNTIME_DEFAULT), MESSAGE, requested);
      case UNCONFINED -> chosen(new ProfileText.Named(ProfileName.UNCONFINED), MESSAGE, requested);
      case LOCALHOST -> {
        String file = message.localhostRef();
        if (file.isEmpty()) {
          yield new Selection.Unusable(MESSAGE, "type Localhost has no localhost_ref");
        }
        // Runtimes take it with the string's prefix as well.
        yield ofFile(
            file.startsWith(ProfileText.LOCALHOST_PREFIX)
                ? file.substring(ProfileText.LOCALHOST_PREFIX.length())
                : file,
            MESSAGE,
            requested);
      }
      case UNKNOWN ->
          new Selection.Unusable(MESSAGE, "this version does not know the profile_type");
    };
  }

  private Selection ofString(String text, RequestedProfile requested) {
    return text.startsWith(ProfileText.LOCALHOST_PREFIX)
        ? ofFile(text.substring(ProfileText.LOCALHOST_PREFIX.length()), STRING, requested)
        : chosen(ProfileText.read(text), STRING, requested);
  }

  /// A kubelet has joined the path to its root, and cleaned it, and has not looked whether it
  /// climbs out.
  private Selection ofFile(String file, String source, RequestedProfile requested) {
    String root = profileRoot.toString();
    if (file.equals(root) || file.startsWith(root + "/")) {
      return chosen(
          ProfileText.localhost(file.equals(root) ? "" : file.substring(root.length() + 1)),
          source,
          requested);
    }
    if (source.equals(STRING)
        && requested instanceof RequestedProfile.Named named
        && named.meaning() instanceof ProfileText.Unusable) {
      return ofAnnotation(named);
    }
    return new Selection.Unusable(
        source,
        QuotedText.of(file)
            + " is not below the profile root "
            + root
            + "; the kubelet and Portcullis need the same --root-dir and --seccomp-profile-root");
  }

  /// Named by the kubelet: by a field, unless an annotation names the very same.
  private static Selection chosen(
      ProfileText.Meaning meaning, String source, RequestedProfile requested) {
    if (requested instanceof RequestedProfile.Named named && same(named.meaning(), meaning)) {
      return ofAnnotation(named);
    }
    return switch (meaning) {
      case ProfileText.Named(ProfileName name) ->
          new Selection.Chosen(
              name, SelectionOrigin.KUBELET, "field securityContext.seccompProfile");
      case ProfileText.Unusable(List<ProfileText.Problem> problems) ->
          new Selection.Unusable(source, words(problems));
    };
  }

  private static boolean same(ProfileText.Meaning annotation, ProfileText.Meaning kubelet) {
    return switch (kubelet) {
      case ProfileText.Unusable _ -> annotation instanceof ProfileText.Unusable;
      case ProfileText.Named(ProfileName name) ->
          annotation instanceof ProfileText.Named(ProfileName other) && isSame(other, name);
    };
  }

  private static boolean isSame(ProfileName annotation, ProfileName kubelet) {
    return (annotation instanceof ProfileName.Localhost mine
            && kubelet instanceof ProfileName.Localhost theirs)
        ? ProfileKey.of(mine).equals(ProfileKey.of(theirs))
        : annotation.equals(kubelet);
  }

  private static Selection ofAnnotation(RequestedProfile.Named named) {
    String source = "annotation " + PodOfCreation.key(named.path().text());
    return switch (named.meaning()) {
      case ProfileText.Named(ProfileName name) -> new Selection.Chosen(name, origin(named), source);
      case ProfileText.Unusable(List<ProfileText.Problem> problems) ->
          new Selection.Unusable(source, words(problems));
    };
  }

  private static SelectionOrigin origin(RequestedProfile.Named named) {
    return switch (named.origin()) {
      case CONTAINER_ANNOTATION -> SelectionOrigin.CONTAINER_ANNOTATION;
      case POD_ANNOTATION -> SelectionOrigin.POD_ANNOTATION;
      case CONTAINER_FIELD, POD_FIELD, POLICY_DEFAULT, CLUSTER_DEFAULT ->
          throw new IllegalStateException("no field is known here: " + named);
    };
  }

  private static String words(List<ProfileText.Problem> problems) {
    ProfileText.Problem first = problems.getFirst();
    return QuotedText.of(first.found()) + " " + first.detail();
  }

  /// What an annotation says that the kubelet's own choice overrides; null where nothing does.
  static @Nullable String overridden(ContainerRequest creation, Selection choice) {
    return choice instanceof Selection.Chosen(var name, var origin, _)
            && origin == SelectionOrigin.KUBELET
            && PodOfCreation.requested(creation) instanceof RequestedProfile.Named named
        ? "annotation "
            + PodOfCreation.key(named.path().text())
            + " is overridden: the kubelet named "
            + name.text()
        : null;
  }
}
