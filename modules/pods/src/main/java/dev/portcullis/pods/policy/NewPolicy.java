package dev.portcullis.pods.policy;

import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A SeccompPolicy to be made, in the words of its fields. Nothing is checked before {@link
/// #errors} is asked.
///
/// @param defaultProfile null for none
public record NewPolicy(
    String name, List<String> allowed, List<String> stricterThan, @Nullable String defaultProfile) {
  /// What the API server takes (`deploy/webhook/base/crd.yaml`).
  public static final int MOST_ALLOWED = 1000;

  private static final int MOST_BASES = 100;
  private static final int LONGEST_TEXT = 1024;

  public NewPolicy {
    // The API server refuses an entry that stands twice.
    allowed = List.copyOf(new LinkedHashSet<>(allowed));
    stricterThan = List.copyOf(new LinkedHashSet<>(stricterThan));
  }

  /// Whether a list of allowed profiles can have a name. With an asterisk it would be a pattern
  /// there, and allow more.
  public static boolean canAllow(ProfileName profile) {
    String text = profile.text();
    return !text.contains("*") && text.codePointCount(0, text.length()) <= LONGEST_TEXT;
  }

  /// The object, ready to be applied where {@link #errors} finds nothing.
  public KubernetesObject object() {
    MappingBuilder spec = new MappingBuilder().put("allowedProfiles", texts(allowed));
    if (!stricterThan.isEmpty()) {
      spec.put("stricterThan", texts(stricterThan));
    }
    if (defaultProfile != null) {
      spec.put("defaultProfile", defaultProfile);
    }
    return new KubernetesObject(
        PolicyReader.OUR_VERSION,
        Policy.Kind.SECCOMP_POLICY.text(),
        new MappingBuilder()
            .put("apiVersion", PolicyReader.OUR_VERSION)
            .put("kind", Policy.Kind.SECCOMP_POLICY.text())
            .put("metadata", new MappingBuilder().put("name", name).build())
            .put("spec", spec.build())
            .build());
  }

  /// Why the reader of policies, or the API server, would refuse it.
  public List<FieldError> errors() {
    List<FieldError> errors = new ArrayList<>();
    if (PolicyReader.read(object()) instanceof PolicyReader.Broken(List<FieldError> found, _)) {
      errors.addAll(found);
    }
    tooMany("spec.allowedProfiles", allowed, MOST_ALLOWED, errors);
    tooMany("spec.stricterThan", stricterThan, MOST_BASES, errors);
    if (defaultProfile != null) {
      tooLong("spec.defaultProfile", defaultProfile, errors);
    }
    return errors;
  }

  private static void tooMany(String field, List<String> texts, int most, List<FieldError> errors) {
    if (texts.size() > most) {
      errors.add(
          FieldError.invalid(at(field), "has " + texts.size() + " entries; at most " + most));
    }
    for (int i = 0; i < texts.size(); i++) {
      tooLong(field + "[" + i + "]", texts.get(i), errors);
    }
  }

  private static void tooLong(String field, String text, List<FieldError> errors) {
    if (text.codePointCount(0, text.length()) > LONGEST_TEXT) {
      errors.add(
          FieldError.invalid(at(field), "must have at most " + LONGEST_TEXT + " characters"));
    }
  }

  private static FieldPath at(String field) {
    return new FieldPath(field, Position.NONE);
  }

  private static List<Value.Text> texts(List<String> texts) {
    return texts.stream().map(text -> new Value.Text(Position.NONE, text)).toList();
  }
}
