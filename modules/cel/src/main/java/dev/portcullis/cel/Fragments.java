package dev.portcullis.cel;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.spec.RuntimeAnnotation;
import dev.portcullis.pods.spec.SeccompKeys;
import dev.portcullis.profiles.record.PodRecord;
import java.util.List;
import java.util.stream.Collectors;

/// The parts of expressions that several policies have in common: how a pod names what its
/// containers run under. What a pod names is text, as annotations spell it; `?` stands for what
/// names no profile, and the empty text for nothing.
final class Fragments {
  static final String NOTHING = "''";
  static final String UNUSABLE = "'?'";
  static final String POLICY = CelLiteral.text(PodRecord.POLICY);
  static final String UNCONFINED_RECORD = CelLiteral.text(PodRecord.UNCONFINED);
  static final String POD_KEY = CelLiteral.text(SeccompKeys.POD);
  static final String UNCONFINED = CelLiteral.text(ProfileName.UNCONFINED.text());
  static final String RUNTIME_DEFAULT = CelLiteral.text(ProfileName.RUNTIME_DEFAULT.text());
  static final String OLD_DEFAULT = CelLiteral.text("docker/default");
  static final String LOCALHOST = CelLiteral.text(ProfileText.LOCALHOST_PREFIX);

  static final String CREATES = "request.operation == 'CREATE'";
  static final String EPHEMERAL = "request.?subResource.orValue('') == 'ephemeralcontainers'";

  private Fragments() {}

  static boolean isNothing(String expression) {
    return expression.equals(NOTHING);
  }

  /// Whether what has a security context has a profile of its own.
  static String hasField(String owner) {
    return owner + ".?securityContext.?seccompProfile.hasValue()";
  }

  /// What the field of an owner names that has one.
  static String field(String owner) {
    String profile = owner + ".securityContext.seccompProfile";
    String type = profile + ".?type.orValue('')";
    String path = profile + ".?localhostProfile.orValue('')";
    return "(%1$s == 'Unconfined' ? %3$s : %1$s == 'RuntimeDefault' ? %4$s : %1$s == 'Localhost' && %2$s != '' ? %5$s + string(%2$s) : '?')"
        .formatted(type, path, UNCONFINED, RUNTIME_DEFAULT, LOCALHOST);
  }

  /// What the value of an annotation names.
  static String annotated(String value) {
    return "(%1$s == %2$s ? %3$s : %4$s ? string(%1$s) : '?')"
        .formatted(value, OLD_DEFAULT, RUNTIME_DEFAULT, isName(value));
  }

  /// Whether a text is a profile name, in either spelling.
  static String isName(String value) {
    return "(%1$s in [%2$s, %3$s, %4$s] || (%1$s.startsWith(%5$s) && %1$s != %5$s))"
        .formatted(value, UNCONFINED, RUNTIME_DEFAULT, OLD_DEFAULT, LOCALHOST);
  }

  /// The key of a container's annotation.
  static String containerKey(String container) {
    return "(" + CelLiteral.text(SeccompKeys.CONTAINER_PREFIX) + " + " + container + ".name)";
  }

  static String annotation(String key) {
    return Variables.of("notes") + "[" + key + "]";
  }

  static String hasAnnotation(String key) {
    return key + " in " + Variables.of("notes");
  }

  static String privileged(String container) {
    return container + ".?securityContext.?privileged.orValue(false)";
  }

  /// Whether a container can gain rights, and so no proof about its filter holds.
  static String keepsRights(String container) {
    return "(%1$s.?securityContext.?allowPrivilegeEscalation.orValue(true) || %2$s || %1$s.?securityContext.?capabilities.?add.orValue([]).exists(a, string(a).trim().upperAscii() in ['SYS_ADMIN', 'CAP_SYS_ADMIN', 'ALL', 'CAP_ALL']))"
        .formatted(container, privileged(container));
  }

  /// Whether a key is one by which a pod names a profile.
  static String namesProfile(String key) {
    return "(%1$s == %2$s || %1$s.startsWith(%3$s))"
        .formatted(key, POD_KEY, CelLiteral.text(SeccompKeys.CONTAINER_PREFIX));
  }

  /// Whether a key is one by which a runtime takes another filter.
  static String obeyedByRuntimes(String key) {
    return beginsLike(key, RuntimeAnnotation.all());
  }

  /// The same of one kind of them.
  static String obeyedByRuntimes(String key, RuntimeAnnotation.Kind kind) {
    return beginsLike(
        key, RuntimeAnnotation.all().stream().filter(each -> each.kind() == kind).toList());
  }

  private static String beginsLike(String key, List<RuntimeAnnotation> annotations) {
    return annotations.stream()
        .map(each -> key + ".startsWith(" + CelLiteral.text(each.key()) + ")")
        .collect(Collectors.joining(" || ", "(", ")"));
  }

  /// Whether a key is part of the record of an admission.
  static String ofRecord(String key) {
    return "(%1$s.startsWith('portcullis.dev/') && %1$s != %2$s)"
        .formatted(key, CelLiteral.text(SeccompKeys.PROVE));
  }

  /// Whether an update sets, changes or takes away an annotation or a label.
  ///
  /// @param member `annotations` or `labels`
  /// @param key whether `k` is one that matters
  static String changes(String member, String key) {
    return "[[object, oldObject], [oldObject, object]].exists(p, p[0].?metadata.?%1$s.orValue({}).exists(k, %2$s && p[1].?metadata.?%1$s.orValue({})[?k] != optional.of(p[0].metadata.%1$s[k])))"
        .formatted(member, key);
  }

  /// Whether a new object has an annotation or a label.
  static String has(String member, String key) {
    return "object.?metadata.?%s.orValue({}).exists(k, %s)".formatted(member, key);
  }

  /// The labels of a record.
  static String recordLabel(String key) {
    return key + " == " + CelLiteral.text(PodRecord.PROVEN);
  }

  /// Annotations of a record that have a meaning here; others are taken away.
  static String otherRecord(String key) {
    return ofRecord(key)
        + " && !("
        + key
        + " in "
        + CelLiteral.list(List.of(PodRecord.POLICY, PodRecord.UNCONFINED))
        + ")";
  }
}
