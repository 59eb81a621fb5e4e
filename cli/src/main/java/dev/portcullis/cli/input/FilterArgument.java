package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.node.cri.Cri;
import dev.portcullis.node.cri.CriException;
import dev.portcullis.node.proof.RuntimeDefaultProfile;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A filter on the command line: the file of a profile, `unconfined`, `runtime/default`, or `pid:N`
/// for those of a living process.
///
/// @param text as it was given
/// @param filters what runs; null where that is not known
/// @param complaints why not
/// @param notes what is to be known about it
public record FilterArgument(
    String text, @Nullable Filters filters, List<Complaint> complaints, List<String> notes) {
  public FilterArgument {
    complaints = List.copyOf(complaints);
    notes = List.copyOf(notes);
  }

  /// What the operand stands for.
  ///
  /// @param target the machine and the container that Docker's conditions are decided for, and a
  ///   runtime's default
  /// @param runtimeEndpoint of the runtime that is asked for its default
  public static FilterArgument read(
      String text, Target target, Compiler compiler, Dialect dialect, String runtimeEndpoint)
      throws UsageException, InterruptedException {
    if (text.equals("unconfined")) {
      return new FilterArgument(text, Filters.NONE, List.of(), List.of());
    }
    if (ProcessArgument.isOne(text)) {
      return ProcessArgument.read(text).filters();
    }
    if (text.equals("runtime/default")) {
      return runtimeDefault(text, target, compiler, dialect, runtimeEndpoint);
    }
    return of(WrittenProfile.read(text), target, compiler, dialect);
  }

  private static FilterArgument runtimeDefault(
      String text, Target target, Compiler compiler, Dialect dialect, String runtimeEndpoint) {
    try (Cri cri = Cri.observe(runtimeEndpoint)) {
      return switch (RuntimeDefaultProfile.search(cri, target.capabilities())) {
        case RuntimeDefaultProfile.Found found ->
            of(
                WrittenProfile.of(text, found.given().profile().orElseThrow()),
                target,
                compiler,
                dialect);
        case RuntimeDefaultProfile.NotFound(String reason) ->
            failed(
                text,
                List.of(
                    new Complaint(
                        text + " of the runtime at " + runtimeEndpoint + ": " + reason,
                        ExitCode.WORLD)));
      };
    } catch (CriException e) {
      return failed(
          text,
          List.of(
              new Complaint(
                  text + ": " + e.getMessage() + "; name its socket with --runtime-endpoint",
                  ExitCode.WORLD)));
    }
  }

  private static FilterArgument of(
      WrittenProfile written, Target target, Compiler compiler, Dialect dialect) {
    Profile profile = written.profile();
    return profile == null
        ? failed(written.text(), written.complaints())
        : compiled(written.text(), compiler.compile(Resolver.resolve(profile, target), dialect));
  }

  private static FilterArgument compiled(String text, Compilation compilation) {
    return switch (compilation) {
      case Compilation.Compiled compiled ->
          new FilterArgument(
              text,
              Filters.of(compiled.program()),
              List.of(),
              notes(text, compiled.skipped().stream().map(FilterArgument::place).toList()));
      case Compilation.Refused(String reason) ->
          failed(text, List.of(new Complaint(text + ": " + reason, ExitCode.REFUSED)));
      case Compilation.Unavailable(String reason) ->
          failed(text, List.of(new Complaint(text + ": " + reason, ExitCode.WORLD)));
    };
  }

  private static String place(SyscallName name) {
    return name.name() + " (" + name.at() + ")";
  }

  static FilterArgument failed(String text, List<Complaint> complaints) {
    return new FilterArgument(text, null, complaints, List.of());
  }

  private static List<String> notes(String text, List<String> skipped) {
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
