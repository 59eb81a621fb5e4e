package dev.portcullis.cri.runtime;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The capabilities that a runtime gives to containers that ask for nothing, in names as
/// `CAP_CHOWN`: Docker's conditions in profiles depend on them.
public interface DefaultCapabilities {
  /// Of the containers of a handler.
  ///
  /// @param handler empty for the runtime's default
  /// @throws IOException where they are unknown, and nothing may be assumed
  RuntimeCapabilities ofHandler(String handler) throws IOException;

  /// Of the containers in a sandbox.
  RuntimeCapabilities ofSandbox(String sandboxId) throws IOException;

  /// Those of a runtime that need not be asked.
  static DefaultCapabilities always(RuntimeCapabilities capabilities) {
    return new DefaultCapabilities() {
      @Override
      public RuntimeCapabilities ofHandler(String handler) {
        return capabilities;
      }

      @Override
      public RuntimeCapabilities ofSandbox(String sandboxId) {
        return capabilities;
      }
    };
  }

  /// Those of the runtime at an endpoint. It is asked each time: its configuration may change.
  ///
  /// @param given what the administrator gives, for a runtime that does not report them; null where
  ///   nothing was given
  static DefaultCapabilities behind(String endpoint, @Nullable Set<String> given) {
    return new DefaultCapabilities() {
      @Override
      public RuntimeCapabilities ofHandler(String handler) throws IOException {
        return ask((runtime, _) -> runtime.defaultCapabilities(handler, given));
      }

      @Override
      public RuntimeCapabilities ofSandbox(String sandboxId) throws IOException {
        return ask((runtime, cri) ->
            runtime.defaultCapabilities(
                runtime.differsByHandler() ? handler(cri, sandboxId) : "", given));
      }

      private RuntimeCapabilities ask(Question question) throws IOException {
        try (Cri cri = Cri.observe(endpoint)) {
          KnownRuntime runtime = KnownRuntime.ask(cri);
          return new RuntimeCapabilities(
              question.ask(runtime, cri).names(), runtime.capabilityPrefix());
        } catch (CriException e) {
          throw new IOException(
              "cannot ask the runtime for its default capabilities: " + e.getMessage(), e);
        }
      }
    };
  }

  private static String handler(Cri cri, String sandboxId) throws CriException, IOException {
    return cri.handlerOfSandbox(sandboxId)
        .orElseThrow(() -> new IOException("the runtime has no sandbox " + sandboxId));
  }
}
