package dev.portcullis.pods.decide;

import dev.portcullis.pods.object.FieldError;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Why a pod is refused. `docs/output.md` explains each.
public enum ReasonKind {
  /// A profile that no policy allows which the requester may use.
  PROFILE_NOT_ALLOWED,
  /// An annotation by which a runtime takes another filter, without the right to it.
  ANNOTATION_NOT_ALLOWED,
  /// The answer was not available.
  UNDECIDED,
  /// A field that a pod needs is missing.
  REQUIRED_VALUE,
  /// A value that Kubernetes does not accept.
  INVALID_VALUE,
  /// A value that is not one of a few.
  UNSUPPORTED_VALUE,
  /// A value that may not be set here, or not together with another.
  FORBIDDEN_VALUE,
  /// A value that occurs twice in a list of unique ones.
  DUPLICATE_VALUE,
  /// A value of another type than the field has.
  WRONG_TYPE,
  /// Valid in a cluster, and not honoured on one machine.
  NOT_IMPLEMENTED;

  /// The kind of each reason of a judgement.
  public static Map<FieldError, ReasonKind> of(Judgement judgement) {
    Map<FieldError, ReasonKind> kinds = new HashMap<>();
    // Only validation and the lack of a grant forbid.
    judgement.reasons().forEach(reason -> kinds.put(reason, ofUngranted(reason)));
    judgement.pod().errors().forEach(error -> kinds.put(error, of(error.kind())));
    for (ContainerDecision decision : judgement.containers()) {
      if (decision instanceof ContainerDecision.Refused refused) {
        kinds.put(refused.reason(), PROFILE_NOT_ALLOWED);
      }
    }
    return Collections.unmodifiableMap(kinds);
  }

  private static ReasonKind ofUngranted(FieldError reason) {
    return reason.kind() == FieldError.Kind.FORBIDDEN ? ANNOTATION_NOT_ALLOWED : of(reason.kind());
  }

  private static ReasonKind of(FieldError.Kind kind) {
    return switch (kind) {
      case REQUIRED -> REQUIRED_VALUE;
      case INVALID -> INVALID_VALUE;
      case NOT_SUPPORTED -> UNSUPPORTED_VALUE;
      case FORBIDDEN -> FORBIDDEN_VALUE;
      case DUPLICATE -> DUPLICATE_VALUE;
      case TYPE_INVALID -> WRONG_TYPE;
      case INTERNAL -> UNDECIDED;
      case NOT_IMPLEMENTED -> NOT_IMPLEMENTED;
    };
  }

  /// The stable name in results.
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
