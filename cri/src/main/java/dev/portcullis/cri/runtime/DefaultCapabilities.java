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
  /// @throws IOException where nobody can say, and nothing may be assumed
  Set<String> ofHandler(String handler) throws IOException;

  /// Of the containers in a sandbox.
  Set<String> ofSandbox(String sandboxId) throws IOException;

  /// Those of a runtime that need not be asked.
  static DefaultCapabilities always(Set<String> names) {
    Set<String> copy = Set.copyOf(names);
    return new DefaultCapabilities() {
      @Override
      public Set<String> ofHandler(String handler) {
        return copy;
      }

      @Override
      public Set<String> ofSandbox(String sandboxId) {
        return copy;
      }
    };
  }

  /// Those of the runtime at an endpoint. It is asked each time: its configuration may change.
  ///
  /// @param given what the administrator says, for a runtime that does not tell; null where nothing
  ///   was said
  static DefaultCapabilities behind(String endpoint, @Nullable Set<String> given) {
    return new DefaultCapabilities() {
      @Override
      public Set<String> ofHandler(String handler) throws IOException {
        return ask((runtime, _) -> runtime.defaultCapabilities(handler, given).names());
      }

      @Override
      public Set<String> ofSandbox(String sandboxId) throws IOException {
        return ask((runtime, cri) ->
            runtime
                .defaultCapabilities(
                    runtime.differsByHandler() ? handler(cri, sandboxId) : "", given)
                .names());
      }

      private Set<String> ask(Question question) throws IOException {
        try (Cri cri = Cri.observe(endpoint)) {
          return question.ask(KnownRuntime.ask(cri), cri);
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
