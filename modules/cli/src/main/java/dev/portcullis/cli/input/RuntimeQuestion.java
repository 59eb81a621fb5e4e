package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.runtime.KnownRuntime;
import dev.portcullis.cri.runtime.RuntimeDefaultProfile;
import dev.portcullis.seccomp.resolve.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Which runtime is asked what its default profile is, and for which of its handlers.
///
/// @param endpoint `unix:///PATH`
/// @param handler whose default profile is meant; empty where none was given
/// @param optional whether a built-in default will do where no runtime is: none was named
public record RuntimeQuestion(String endpoint, String handler, boolean optional) {
  private static final String SCHEME = "unix://";

  /// By the {@link RuntimeOptions}.
  public static RuntimeQuestion of(Arguments arguments) {
    RuntimeQuestion told = ofThatRuntime(arguments);
    return new RuntimeQuestion(
        told.endpoint,
        told.handler,
        !arguments.has(RuntimeOptions.USUAL_ENDPOINT) && told.handler.isEmpty());
  }

  /// The same where only the runtime itself can answer.
  public static RuntimeQuestion ofThatRuntime(Arguments arguments) {
    return new RuntimeQuestion(
        arguments.text(RuntimeOptions.USUAL_ENDPOINT), RuntimeOptions.handler(arguments), false);
  }

  /// Whether there is no runtime to ask, and none has to be asked. A socket that does not answer is
  /// an error.
  boolean standsIn() {
    return optional
        && endpoint.startsWith(SCHEME)
        && Files.notExists(Path.of(endpoint.substring(SCHEME.length())));
  }

  /// What filters are made for: this machine, and a container with the capabilities of {@link
  /// FilterOptions#CAPABILITIES}. Where none are given and the runtime's default is among the
  /// operands, it is a container that asks for nothing, and has what that runtime gives.
  public Target target(Arguments arguments, List<String> operands)
      throws UsageException, IOException {
    return !arguments.has(FilterOptions.CAPABILITIES)
            && operands.contains(RuntimeDefaultArgument.NAME)
            && !standsIn()
        ? FilterOptions.target(defaultCapabilities())
        : FilterOptions.target(arguments);
  }

  /// What the runtime gives to a container that asks for nothing, in names as `CAP_CHOWN`.
  private Set<String> defaultCapabilities() throws IOException {
    try (Cri cri = Cri.observe(endpoint)) {
      return KnownRuntime.ask(cri).defaultCapabilities(handler, null).names();
    } catch (CriException e) {
      throw new IOException(unreachable(e), e);
    }
  }

  /// The default profile of a container with these capabilities.
  RuntimeDefaultProfile.Search search(Set<String> capabilities) throws CriException {
    try (Cri cri = Cri.observe(endpoint)) {
      return RuntimeDefaultProfile.search(cri, capabilities, handler);
    }
  }

  static String unreachable(CriException e) {
    return RuntimeDefaultArgument.NAME
        + ": "
        + e.getMessage()
        + ", or name its socket with --runtime-endpoint";
  }
}
