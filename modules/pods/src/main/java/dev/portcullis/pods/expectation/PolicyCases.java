package dev.portcullis.pods.expectation;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.expectation.PolicyCase.ContainerExpected;
import dev.portcullis.pods.expectation.PolicyCase.Expected;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.FieldReader;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.object.NearestName;
import dev.portcullis.pods.object.ObjectNames;
import dev.portcullis.pods.object.ObjectReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table of cases that policies have to pass.
///
/// @param policies files and directories of policies and RBAC objects, as written
/// @param cases in their order
/// @param errors what is wrong with the table; where there are any, it proves nothing
public record PolicyCases(List<String> policies, List<PolicyCase> cases, List<FieldError> errors) {
  /// More than a person writes.
  private static final int MOST = 10_000;

  private static final List<String> TABLE = List.of("policies", "cases");
  private static final List<String> CASE =
      List.of(
          "name", "pod", "file", "object", "user", "groups", "namespace", "expect", "containers");
  private static final List<String> CONTAINER = List.of("profile", "policy");

  public PolicyCases {
    policies = List.copyOf(policies);
    cases = List.copyOf(cases);
    errors = List.copyOf(errors);
  }

  /// Reads a document.
  public static PolicyCases read(Value document) {
    List<FieldError> errors = new ArrayList<>();
    if (!(document instanceof Mapping mapping)) {
      errors.add(
          FieldError.typeInvalid(
              new FieldPath("cases", document.at()), "must be an object, not " + document.kind()));
      return new PolicyCases(List.of(), List.of(), errors);
    }
    FieldReader root = new FieldReader("", mapping, errors);
    requireKnown(root, TABLE);
    List<PolicyCase> cases = new ArrayList<>();
    List<FieldReader> written = root.objects("cases");
    if (written.isEmpty() && errors.isEmpty()) {
      errors.add(FieldError.required(root.field("cases"), "at least one case"));
    }
    if (written.size() > MOST) {
      errors.add(
          FieldError.invalid(
              root.field("cases"), "has " + written.size() + " cases; at most " + MOST));
      return new PolicyCases(List.of(), List.of(), errors);
    }
    for (FieldReader each : written) {
      PolicyCase read = policyCase(each);
      if (read != null) {
        cases.add(read);
      }
    }
    return new PolicyCases(root.texts("policies"), cases, errors);
  }

  /// Null where something is wrong with it.
  private static @Nullable PolicyCase policyCase(FieldReader written) {
    requireKnown(written, CASE);
    String name = written.text("name");
    String user = required(written, "user", "the user who creates the object");
    String namespace = written.text("namespace");
    if (namespace != null && !ObjectNames.isLabel(namespace)) {
      written.error(FieldError.invalid(written.field("namespace"), namespace, ObjectNames.LABEL));
    }
    PolicyCase.Manifest manifest = manifest(written);
    Expected expected = expected(written);
    return user == null || manifest == null || expected == null
        ? null
        : new PolicyCase(
            name == null || name.isEmpty() ? written.path() : name,
            written.field(),
            manifest,
            user,
            written.texts("groups"),
            namespace,
            expected);
  }

  private static PolicyCase.@Nullable Manifest manifest(FieldReader written) {
    String file = written.text("file");
    String object = written.text("object");
    FieldReader pod = written.object("pod");
    if (file != null && pod != null) {
      written.error(
          FieldError.forbidden(written.field("file"), "pod is given, too; give one of them"));
      return null;
    }
    if (file != null) {
      return new PolicyCase.InFile(written.field("file"), file, object);
    }
    if (object != null) {
      written.error(
          FieldError.forbidden(written.field("object"), "it is about file, which is missing"));
      return null;
    }
    if (pod == null) {
      if (!written.has("pod") && !written.has("file")) {
        written.error(
            FieldError.required(written.field("pod"), "a pod, or in file the path of a manifest"));
      }
      return null;
    }
    return inline(written, pod);
  }

  private static PolicyCase.@Nullable Manifest inline(FieldReader written, FieldReader pod) {
    List<ObjectReader.Found> found = ObjectReader.read(pod.mapping());
    if (found.size() == 1 && found.getFirst() instanceof KubernetesObject object) {
      return new PolicyCase.Inline(written.field("pod"), object);
    }
    for (ObjectReader.Found each : found) {
      if (each instanceof ObjectReader.Broken(FieldError error)) {
        written.error(
            new FieldError(
                error.kind(),
                new FieldPath(pod.path(error.field()), error.at()),
                error.value(),
                error.detail()));
        return null;
      }
    }
    written.error(
        FieldError.invalid(written.field("pod"), "must be one object with apiVersion and kind"));
    return null;
  }

  private static @Nullable Expected expected(FieldReader written) {
    String expect = required(written, "expect", "allowed or refused");
    List<ContainerExpected> containers = new ArrayList<>();
    FieldReader byName = written.object("containers");
    if (byName != null) {
      for (String name : byName.mapping().entries().keySet()) {
        FieldReader container = byName.object(name);
        if (container != null) {
          requireKnown(container, CONTAINER);
          containers.add(
              new ContainerExpected(
                  byName.field(name), name, profile(container), container.text("policy")));
        }
      }
    }
    if (expect == null) {
      return null;
    }
    boolean allowed = expect.equals(PolicyCase.word(true));
    if (!allowed && !expect.equals(PolicyCase.word(false))) {
      written.error(
          FieldError.notSupported(
              written.field("expect"),
              expect,
              List.of(PolicyCase.word(true), PolicyCase.word(false))));
      return null;
    }
    return new Expected(written.field("expect"), allowed, containers);
  }

  /// In the spelling of results.
  private static @Nullable String profile(FieldReader container) {
    String text = container.text("profile");
    if (text == null) {
      return null;
    }
    return switch (ProfileText.read(text)) {
      case ProfileText.Named(var name) -> name.text();
      case ProfileText.Unusable(List<ProfileText.Problem> problems) -> {
        container.error(
            FieldError.invalid(
                container.field("profile"),
                problems.getFirst().found(),
                problems.getFirst().detail()));
        yield null;
      }
    };
  }

  private static @Nullable String required(FieldReader written, String key, String what) {
    String text = written.text(key);
    if (text != null && !text.isEmpty()) {
      return text;
    }
    if (text != null || !written.has(key)) {
      written.error(FieldError.required(written.field(key), what));
    }
    return null;
  }

  /// A misspelt key would be an expectation that is never checked.
  private static void requireKnown(FieldReader written, List<String> known) {
    for (String key : written.mapping().entries().keySet()) {
      if (!known.contains(key)) {
        String nearest = NearestName.of(key, known);
        written.error(
            FieldError.invalid(
                written.field(key),
                key,
                "unknown field" + (nearest == null ? "" : "; did you mean \"" + nearest + "\"?")));
      }
    }
  }
}
