package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Beside;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.Resolver;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A filter on the command line: the file of a profile, `unconfined`, `runtime/default`, a built-in
/// default such as `containerd/default@2.3`, or `pid:N` for those of a living process.
///
/// @param text as it was given
/// @param filters what runs; null where that is not known
/// @param beside what else decides; null where that is not known, as of a process
/// @param complaints why not
/// @param notes what is to be known about it
public record FilterArgument(
    String text,
    @Nullable Filters filters,
    @Nullable Beside beside,
    List<Diagnostic> complaints,
    List<String> notes) {
  public FilterArgument {
    complaints = List.copyOf(complaints);
    notes = List.copyOf(notes);
  }

  /// Whether it is known that there is no filter.
  public boolean unfiltered() {
    return filters != null && filters.newestFirst().isEmpty();
  }

  /// What the operand stands for.
  public static FilterArgument read(String text, FilterSource source)
      throws UsageException, InterruptedException {
    if (text.equals("unconfined")) {
      return new FilterArgument(text, Filters.NONE, Beside.NONE, List.of(), List.of());
    }
    if (ProcessArgument.isOne(text)) {
      return ProcessArgument.read(text).filters();
    }
    return of(source.profiles().read(text), source);
  }

  private static FilterArgument of(ProfileOperand written, FilterSource source) {
    Profile profile = written.profile();
    if (profile == null) {
      return failed(written.text(), written.complaints());
    }
    FilterArgument made =
        of(
            written.text(),
            source
                .compiler()
                .compile(Resolver.resolve(profile, source.target()), source.dialect()));
    List<String> notes = new ArrayList<>(written.notes());
    notes.addAll(made.notes());
    return made.filters() == null
        ? made
        : new FilterArgument(
            made.text(), made.filters(), written.beside(), made.complaints(), notes);
  }

  /// A filter that was made, or why it was not.
  ///
  /// @param text what it is called in complaints
  public static FilterArgument of(String text, Compilation compilation) {
    return switch (compilation) {
      case Compilation.Compiled compiled ->
          new FilterArgument(
              text,
              Filters.of(compiled.program()),
              null,
              List.of(),
              skipped(text, compiled.skipped().stream().map(FilterArgument::place).toList()));
      case Compilation.Refused(String reason) ->
          failed(text, List.of(new Diagnostic(text + ": " + reason, ExitCode.REFUSED)));
      case Compilation.Undecided undecided ->
          failed(text, List.of(new Diagnostic(text + ": " + undecided.text(), ExitCode.REFUSED)));
      case Compilation.Unavailable(String reason) ->
          failed(text, List.of(new Diagnostic(text + ": " + reason, ExitCode.WORLD)));
    };
  }

  private static String place(SyscallName name) {
    return name.at().line() == 0 ? name.name() : name.name() + " (" + name.at() + ")";
  }

  static FilterArgument failed(String text, List<Diagnostic> complaints) {
    return new FilterArgument(text, null, null, complaints, List.of());
  }

  private static List<String> skipped(String text, List<String> skipped) {
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
            + ": the runtime leaves them out, and so does Portcullis");
  }
}
