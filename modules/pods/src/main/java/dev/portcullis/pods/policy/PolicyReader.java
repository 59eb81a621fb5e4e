package dev.portcullis.pods.policy;

import dev.portcullis.documents.Value;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.object.NearestName;
import dev.portcullis.pods.object.ObjectNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads policies: SeccompPolicy, and PodSecurityPolicy by its seccomp annotations.
public final class PolicyReader {
  static final String PSP_ALLOWED = "seccomp.security.alpha.kubernetes.io/allowedProfileNames";
  static final String PSP_DEFAULT = "seccomp.security.alpha.kubernetes.io/defaultProfileName";

  private static final String OUR_GROUP = "portcullis.dev";
  static final String OUR_VERSION = "portcullis.dev/v1alpha1";
  private static final List<String> SPEC_FIELDS =
      List.of("allowedProfiles", "stricterThan", "defaultProfile");

  private PolicyReader() {}

  /// What an object is to a reader of policies.
  public sealed interface Found {}

  /// A policy that can be used.
  public record Usable(Policy policy) implements Found {}

  /// A policy with errors. What it meant to allow must not be guessed.
  ///
  /// @param sound what is left of it without the entries that are wrong: it allows no more than was
  ///   meant; null where not even its name is known
  public record Broken(List<FieldError> errors, @Nullable Policy sound) implements Found {
    public Broken {
      errors = List.copyOf(errors);
    }
  }

  /// A PodSecurityPolicy that says nothing about seccomp, in neither annotation.
  public record Silent() implements Found {}

  /// Another kind of object.
  public record NoPolicy() implements Found {}

  public static Found read(KubernetesObject object) {
    if (object.kind().equals(Policy.Kind.SECCOMP_POLICY.text())
        && object.group().equals(OUR_GROUP)) {
      return seccompPolicy(object);
    }
    return isPodSecurityPolicy(object) ? podSecurityPolicy(object) : new NoPolicy();
  }

  static boolean isPodSecurityPolicy(KubernetesObject object) {
    return object.kind().equals(Policy.Kind.POD_SECURITY_POLICY.text())
        && Policy.Kind.POD_SECURITY_POLICY.groups().contains(object.group());
  }

  private static Found seccompPolicy(KubernetesObject object) {
    List<FieldError> errors = new ArrayList<>();
    FieldReader root = new FieldReader("", object.manifest(), errors);
    if (!object.apiVersion().equals(OUR_VERSION)) {
      errors.add(
          FieldError.notSupported(
              root.field("apiVersion"), object.apiVersion(), List.of(OUR_VERSION)));
    }
    String name = name(root);
    FieldReader spec = root.object("spec");
    if (spec == null) {
      if (!root.has("spec")) {
        errors.add(FieldError.required(root.field("spec"), ""));
      }
      return new Broken(
          errors, sound(Policy.Kind.SECCOMP_POLICY, name, List.of(), List.of(), null));
    }
    for (String key : spec.mapping().entries().keySet()) {
      if (!SPEC_FIELDS.contains(key)) {
        String nearest = NearestName.of(key, SPEC_FIELDS);
        errors.add(
            FieldError.invalid(
                spec.field(key),
                key,
                "unknown field" + (nearest == null ? "" : "; did you mean \"" + nearest + "\"?")));
      }
    }
    List<AllowedProfile> allowed = allowedProfiles(spec);
    List<ProfileName> stricterThan = stricterThan(spec);
    String defaultText = spec.text("defaultProfile");
    ProfileName defaultProfile =
        defaultText == null ? null : profile(defaultText, spec.field("defaultProfile"), errors);
    return errors.isEmpty()
        ? new Usable(
            new Policy(Policy.Kind.SECCOMP_POLICY, name, allowed, stricterThan, defaultProfile))
        : new Broken(
            errors, sound(Policy.Kind.SECCOMP_POLICY, name, allowed, stricterThan, defaultProfile));
  }

  private static @Nullable Policy sound(
      Policy.Kind kind,
      String name,
      List<AllowedProfile> allowed,
      List<ProfileName> stricterThan,
      @Nullable ProfileName defaultProfile) {
    return name.isEmpty() ? null : new Policy(kind, name, allowed, stricterThan, defaultProfile);
  }

  private static List<AllowedProfile> allowedProfiles(FieldReader spec) {
    List<AllowedProfile> allowed = new ArrayList<>();
    List<Value> items = spec.items("allowedProfiles");
    for (int i = 0; i < items.size(); i++) {
      FieldPath field = spec.item("allowedProfiles", i, items.get(i));
      if (!(items.get(i) instanceof Value.Text entry)) {
        spec.error(FieldError.typeInvalid(field, "must be a string, not " + items.get(i).kind()));
        continue;
      }
      AllowedProfile profile = allowedProfile(entry.value(), field, spec);
      if (profile != null) {
        allowed.add(profile);
      }
    }
    return allowed;
  }

  private static @Nullable AllowedProfile allowedProfile(
      String text, FieldPath field, FieldReader spec) {
    if (text.equals("*")) {
      return new AllowedProfile.Any();
    }
    String exact = text.endsWith("/*") ? text.substring(0, text.length() - 1) : text;
    if (exact.contains("*")) {
      spec.error(
          FieldError.invalid(
              field,
              text,
              "a wildcard is \"*\" alone, or \"*\" after the last slash, as in"
                  + " \"localhost/team-a/*\""));
      return null;
    }
    if (exact.equals(text)) {
      List<FieldError> errors = new ArrayList<>();
      ProfileName name = profile(text, field, errors);
      errors.forEach(spec::error);
      return name == null ? null : new AllowedProfile.Exactly(name);
    }
    if (!exact.startsWith(ProfileText.LOCALHOST_PREFIX) || !ProfileText.problems(exact).isEmpty()) {
      spec.error(FieldError.invalid(field, text, "only paths below \"localhost/\" have a \"/*\""));
      return null;
    }
    return new AllowedProfile.Below(exact.substring(ProfileText.LOCALHOST_PREFIX.length()));
  }

  private static List<ProfileName> stricterThan(FieldReader spec) {
    List<ProfileName> profiles = new ArrayList<>();
    List<Value> items = spec.items("stricterThan");
    for (int i = 0; i < items.size(); i++) {
      FieldPath field = spec.item("stricterThan", i, items.get(i));
      List<FieldError> errors = new ArrayList<>();
      if (items.get(i) instanceof Value.Text entry) {
        ProfileName name = profile(entry.value(), field, errors);
        if (name != null) {
          profiles.add(name);
        }
      } else {
        errors.add(FieldError.typeInvalid(field, "must be a string, not " + items.get(i).kind()));
      }
      errors.forEach(spec::error);
    }
    return profiles;
  }

  private static Found podSecurityPolicy(KubernetesObject object) {
    List<FieldError> errors = new ArrayList<>();
    FieldReader root = new FieldReader("", object.manifest(), errors);
    String name = name(root);
    FieldReader metadata = root.object("metadata");
    Map<String, String> annotations = metadata == null ? Map.of() : metadata.textMap("annotations");
    String allowedText = annotations.get(PSP_ALLOWED);
    String defaultText = annotations.get(PSP_DEFAULT);
    if (errors.isEmpty() && allowedText == null && defaultText == null) {
      return new Silent();
    }
    FieldReader written = metadata == null ? null : metadata.object("annotations");
    List<AllowedProfile> allowed = new ArrayList<>();
    ProfileName defaultProfile = null;
    if (written != null) {
      // Kubernetes leaves an empty list alone, and trims nothing.
      for (String entry :
          allowedText == null || allowedText.isEmpty()
              ? List.<String>of()
              : List.of(allowedText.split(",", -1))) {
        if (entry.equals("*")) {
          allowed.add(new AllowedProfile.Any());
        } else if (!entry.equals(ProfileText.LOCALHOST_PREFIX)) {
          ProfileName profile = profile(entry, annotation(PSP_ALLOWED, written), errors);
          if (profile != null) {
            allowed.add(new AllowedProfile.Exactly(profile));
          }
        }
      }
      if (defaultText != null && !defaultText.isEmpty()) {
        defaultProfile = profile(defaultText, annotation(PSP_DEFAULT, written), errors);
      }
    }
    return errors.isEmpty()
        ? new Usable(new Policy(Policy.Kind.POD_SECURITY_POLICY, name, allowed, defaultProfile))
        : new Broken(
            errors,
            sound(Policy.Kind.POD_SECURITY_POLICY, name, allowed, List.of(), defaultProfile));
  }

  /// Kubernetes names the annotations of this kind in brackets, those of pods with a dot.
  private static FieldPath annotation(String key, FieldReader written) {
    return new FieldPath("metadata.annotations[" + key + "]", written.at(key));
  }

  private static String name(FieldReader root) {
    FieldReader metadata = root.object("metadata");
    String name = metadata == null ? null : metadata.text("name");
    if (name == null || name.isEmpty()) {
      root.error(FieldError.required(root.field("metadata").child("name"), ""));
      return "";
    }
    if (!ObjectNames.isSubdomain(name)) {
      root.error(
          FieldError.invalid(root.field("metadata").child("name"), name, ObjectNames.SUBDOMAIN));
    }
    return name;
  }

  private static @Nullable ProfileName profile(
      String text, FieldPath field, List<FieldError> errors) {
    return switch (ProfileText.read(text)) {
      case ProfileText.Named named -> named.name();
      case ProfileText.Unusable unusable -> {
        for (ProfileText.Problem problem : unusable.problems()) {
          errors.add(FieldError.invalid(field, problem.found(), problem.detail()));
        }
        yield null;
      }
    };
  }
}
