package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ProfileReading;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A filter on the command line: the file of a profile, or `unconfined`.
///
/// @param text as it was given
/// @param filters what runs; null where that is not known
/// @param complaints why not
/// @param skipped names that libseccomp does not know, with their places
public record FilterArgument(
    String text, @Nullable Filters filters, List<Complaint> complaints, List<String> skipped) {
  public FilterArgument {
    complaints = List.copyOf(complaints);
    skipped = List.copyOf(skipped);
  }

  /// What the operand stands for.
  ///
  /// @param target the machine and the container that Docker's conditions are decided for
  public static FilterArgument read(
      String text, Target target, Compiler compiler, Dialect dialect) {
    if (text.equals("unconfined")) {
      return new FilterArgument(text, Filters.NONE, List.of(), List.of());
    }
    ProfileFiles.Content content = ProfileFiles.read(text);
    byte[] bytes = content.bytes();
    Complaint complaint = content.complaint();
    if (bytes == null) {
      return failed(text, complaint == null ? List.of() : List.of(complaint));
    }
    return switch (ProfileReader.read(bytes)) {
      case ProfileReading.Rejected(List<Finding> findings) ->
          failed(
              text,
              findings.stream()
                  .map(finding ->
                      Complaint.malformed(
                          text,
                          finding.at(),
                          finding.message() + " [" + finding.problem().id() + "]"))
                  .toList());
      case ProfileReading.Read(Profile profile, _) ->
          compiled(text, compiler.compile(Resolver.resolve(profile, target), dialect));
    };
  }

  private static FilterArgument compiled(String text, Compilation compilation) {
    return switch (compilation) {
      case Compilation.Compiled compiled ->
          new FilterArgument(
              text,
              Filters.of(compiled.program()),
              List.of(),
              compiled.skipped().stream().map(FilterArgument::place).toList());
      case Compilation.Refused(String reason) ->
          failed(text, List.of(new Complaint(text + ": " + reason, ExitCode.REFUSED)));
      case Compilation.Unavailable(String reason) ->
          failed(text, List.of(new Complaint(text + ": " + reason, ExitCode.WORLD)));
    };
  }

  private static String place(SyscallName name) {
    return name.name() + " (" + name.at() + ")";
  }

  private static FilterArgument failed(String text, List<Complaint> complaints) {
    return new FilterArgument(text, null, complaints, List.of());
  }

  /// What is to be said about names that were skipped; empty where all are known.
  public List<String> notes() {
    if (skipped.isEmpty()) {
      return List.of();
    }
    List<String> first = new ArrayList<>(skipped.subList(0, Math.min(skipped.size(), 20)));
    if (skipped.size() > first.size()) {
      first.add((skipped.size() - first.size()) + " more");
    }
    return List.of(
        text
            + ": this libseccomp does not know "
            + first.stream().collect(Collectors.joining(", "))
            + ": the runtime leaves them out, and so does this comparison");
  }
}
