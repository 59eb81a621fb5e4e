package dev.portcullis.seccomp.json;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.profile.Errno;
import dev.portcullis.seccomp.profile.Outcome;
import java.util.Map;
import java.util.Optional;

/// `errno` and `defaultErrno`, which CRI-O and Podman read by name (containers/common,
/// pkg/seccomp): where they are given, `errnoRet` beside them does not count. An OCI runtime does
/// not know them.
final class ErrnoNames {
  /// The field, and the one that an OCI runtime reads.
  static final Map<String, String> FIELDS =
      Map.of("errno", "errnoRet", "defaultErrno", "defaultErrnoRet");

  private ErrnoNames() {}

  /// Whether a field is one of them: a number is somebody's mistake.
  static boolean isOne(String key, Mapping.Entry entry) {
    return FIELDS.containsKey(key) && entry.value() instanceof Value.Text;
  }

  /// Reports once what format it is, and where the two kinds of readers differ.
  static void check(Fields fields, String key, Outcome outcome) {
    String name = fields.textWithoutError(key);
    if (name.isEmpty()) {
      return;
    }
    fields.reportOnce(
        Problem.CRIO_FORMAT,
        fields.at(key),
        "`errno` and `defaultErrno` are names of the format of CRI-O and Podman; OCI runtimes"
            + " ignore them");
    if (!outcome.action().takesErrno()) {
      return;
    }
    int oci = outcome.effectiveErrno();
    Optional<Integer> theirs = Errno.number(name);
    if (theirs.isEmpty()) {
      fields.report(
          Problem.ERRNO_BY_NAME,
          fields.at(key),
          "CRI-O and Podman refuse the errno "
              + QuotedText.of(name)
              + ", which has no name; OCI runtimes read "
              + words(oci));
    } else if (theirs.get() != oci) {
      fields.report(
          Problem.ERRNO_BY_NAME,
          fields.at(key),
          "OCI runtimes read "
              + words(oci)
              + " here, CRI-O and Podman "
              + words(theirs.get())
              + "; write \""
              + FIELDS.get(key)
              + "\": "
              + theirs.get()
              + " beside it");
    }
  }

  private static String words(int errno) {
    return Errno.name(errno).map(name -> name + " (" + errno + ")").orElse("errno " + errno);
  }
}
