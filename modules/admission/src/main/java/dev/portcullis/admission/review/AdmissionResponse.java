package dev.portcullis.admission.review;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the webhook answers. That it answers is one thing (HTTP 200), what it answers another.
///
/// @param refusal null where the request is allowed
/// @param patch what to change in the object, in this order; empty for nothing
/// @param warnings shown to the client that sent the request
/// @param auditAnnotations for the audit log of the API server, which puts the webhook's name
///   before the keys
public record AdmissionResponse(
    @Nullable Refusal refusal,
    List<PatchOperation> patch,
    List<String> warnings,
    Map<String, String> auditAnnotations) {

  /// An API server shows 4 KiB of them (`k8s.io/apiserver`, `pkg/endpoints/filters/warning.go`).
  private static final int MOST_WARNINGS = 12;

  public AdmissionResponse {
    patch = List.copyOf(patch);
    warnings = most(warnings);
    auditAnnotations = Map.copyOf(auditAnnotations);
  }

  private static List<String> most(List<String> warnings) {
    int shown = warnings.size() <= MOST_WARNINGS ? warnings.size() : MOST_WARNINGS - 1;
    List<String> most = new ArrayList<>();
    warnings.subList(0, shown).forEach(warning -> most.add(Excerpt.of(warning)));
    if (shown < warnings.size()) {
      most.add("and " + (warnings.size() - shown) + " more warnings");
    }
    return List.copyOf(most);
  }

  /// Why the request is refused.
  ///
  /// @param code as an HTTP status: what the API server returns to its client
  /// @param reason the word for it: `Forbidden`
  public record Refusal(int code, String reason, String message) {

    /// The pod asks for what it may not have.
    public static Refusal forbidden(String message) {
      return new Refusal(403, "Forbidden", message);
    }

    /// Whether it may could not be decided; asking again may help.
    public static Refusal undecided(String message) {
      return new Refusal(500, "InternalError", message);
    }
  }

  /// Nothing against it, and nothing to say.
  public static AdmissionResponse allowed() {
    return new AdmissionResponse(null, List.of(), List.of(), Map.of());
  }

  public static AdmissionResponse patched(List<PatchOperation> patch) {
    return new AdmissionResponse(null, patch, List.of(), Map.of());
  }

  public static AdmissionResponse refused(Refusal refusal) {
    return new AdmissionResponse(refusal, List.of(), List.of(), Map.of());
  }

  public AdmissionResponse warning(List<String> more) {
    return new AdmissionResponse(refusal, patch, more, auditAnnotations);
  }

  public AdmissionResponse audited(Map<String, String> more) {
    return new AdmissionResponse(refusal, patch, warnings, more);
  }
}
