package dev.portcullis.node.proxy;

import dev.portcullis.cri.ContainerCreation;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.Interceptor.Reason;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.spec.RuntimeAnnotation;
import dev.portcullis.pods.spec.RuntimeAnnotation.Kind;
import dev.portcullis.seccomp.finding.QuotedText;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Keeps a container from annotations by which its runtime takes another filter than that of its
/// profile: its pod's, its own, and those of its image. CRI-O restores a container where the image
/// says that it is a checkpoint (`checkIfCheckpointOCIImage`), and takes a profile from the image
/// where the container is to have none (internal/config/seccomp).
///
/// A container that runs without a filter may have what it likes, as long as it gets no rights by
/// it: a filter of its author's choice, loaded before the runtime drops capabilities and user,
/// decides about these, too; and what is restored has the rights that it had.
final class ObeyedAnnotations {
  private final ImageAnnotations images;

  ObeyedAnnotations(ImageAnnotations images) {
    this.images = images;
  }

  /// Why a container is not made.
  record Problem(Reason reason, String words) {}

  /// What is wrong; null where nothing is.
  @Nullable Problem wrong(ContainerRequest creation, Selection choice, ContainerCreation request) {
    if (choice instanceof Selection.LeftAlone) {
      return null;
    }
    Set<String> keys = new TreeSet<>(request.podAnnotations().keySet());
    keys.addAll(request.annotations().keySet());
    String words = wrong(creation, choice, keys, "");
    return words == null
        ? image(creation, choice, request)
        : new Problem(Reason.INVALID_ARGUMENT, words);
  }

  private @Nullable Problem image(
      ContainerRequest creation, Selection choice, ContainerCreation request) {
    String image = request.image();
    if (image.startsWith("/")) {
      return new Problem(
          Reason.INVALID_ARGUMENT,
          "its image is a file ("
              + QuotedText.of(image)
              + "), and CRI-O reads a file as a checkpoint to restore; name an image");
    }
    Map<String, String> annotations;
    try {
      annotations = images.of(request);
    } catch (CriException unknown) {
      return new Problem(
          Reason.UNAVAILABLE,
          "it is not known whether its image is a checkpoint, which the runtime would restore with"
              + " the filters of the checkpoint: "
              + unknown.getMessage());
    }
    String words =
        wrong(
            creation,
            choice,
            new TreeSet<>(annotations.keySet()),
            " of its image " + QuotedText.of(image));
    return words == null ? null : new Problem(Reason.FAILED_PRECONDITION, words);
  }

  /// @param keys in the order in which they are looked at
  /// @param whose follows the annotation in words
  private static @Nullable String wrong(
      ContainerRequest creation, Selection choice, Set<String> keys, String whose) {
    for (String key : keys) {
      RuntimeAnnotation obeyed = RuntimeAnnotation.of(key);
      if (obeyed != null && isWrong(creation, choice, obeyed.kind(), whose)) {
        return "annotation "
            + QuotedText.path(key)
            + whose
            + ": with it "
            + obeyed.effect()
            + "; "
            + help(choice, obeyed.kind(), whose);
      }
    }
    return null;
  }

  private static boolean isWrong(
      ContainerRequest creation, Selection choice, Kind kind, String whose) {
    if (!isUnconfined(choice)) {
      return true;
    }
    return switch (kind) {
      case FILTER -> !creation.rights().noNewPrivileges();
      case PROFILE -> true;
      case CHECKPOINT -> !whose.isEmpty();
      case RUNTIME -> false;
    };
  }

  private static boolean isUnconfined(Selection choice) {
    return choice instanceof Selection.Chosen chosen
        && chosen.name() instanceof ProfileName.Unconfined;
  }

  private static String help(Selection choice, Kind kind, String whose) {
    if (kind == Kind.CHECKPOINT && !whose.isEmpty()) {
      return "run the image of the original container";
    }
    if (kind == Kind.PROFILE) {
      return (whose.isEmpty() ? "remove it" : "use another image")
          + ", because the OCI runtime may use the filter of that profile for other containers";
    }
    String otherwise =
        isUnconfined(choice)
            ? "set allowPrivilegeEscalation: false, because the runtime would load that filter"
                + " before it drops capabilities and changes the user"
            : "run the container unconfined";
    return (whose.isEmpty() ? "remove it, or " : "use another image, or ") + otherwise;
  }
}
