package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.CommonOptions;
import dev.portcullis.node.cri.Cri;
import dev.portcullis.node.cri.CriException;
import dev.portcullis.node.proof.RuntimeDefaultProfile;
import dev.portcullis.node.runtime.KnownRuntime;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;

/// Which runtime is asked what its default profile is, and for which of its handlers.
///
/// @param endpoint `unix:///PATH`
/// @param handler whose default profile is meant; empty where nobody said
public record RuntimeQuestion(String endpoint, String handler) {
  /// By {@link CommonOptions#RUNTIME_ENDPOINT} and {@link CommonOptions#RUNTIME_HANDLER}.
  ///
  /// @param usual the endpoint where none was given
  public static RuntimeQuestion of(Arguments arguments, String usual) {
    return new RuntimeQuestion(
        arguments.value(CommonOptions.RUNTIME_ENDPOINT, usual),
        arguments.value(CommonOptions.RUNTIME_HANDLER, ""));
  }

  /// Whether one of these operands is what a runtime has to be asked for.
  static boolean isNeededFor(Collection<String> operands) {
    return operands.contains(RuntimeDefaultArgument.NAME);
  }

  /// What the runtime gives to a container that asks for nothing, in names as `CAP_CHOWN`.
  Set<String> defaultCapabilities() throws IOException {
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
        + "; name its socket with --runtime-endpoint";
  }
}
