package dev.portcullis.cri;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a runtime reports about images, for anyone who asks now and then. Connects when it is first
/// asked, and anew where the runtime was gone, as another version of it may come back.
///
/// Safe for threads.
public final class RuntimeImages implements AutoCloseable {
  private final String endpoint;
  private @Nullable Cri cri;

  /// @param endpoint of the runtime, `unix://` and an absolute path
  public RuntimeImages(String endpoint) {
    this.endpoint = endpoint;
  }

  /// The annotations of the image that a container is to be made of; none where the runtime has no
  /// such image, or does not report them.
  public Map<String, String> annotations(ContainerCreation request) throws CriException {
    Cri asked = connected();
    try {
      return asked.imageAnnotations(request);
    } catch (CriException failed) {
      switch (failed.kind()) {
        case GONE, NOT_CRI -> forget(asked);
        case BAD_ENDPOINT, UNREACHABLE, NOT_FOUND, REFUSED, TIMEOUT, INTERRUPTED -> {}
      }
      throw failed;
    }
  }

  private synchronized Cri connected() throws CriException {
    if (cri == null) {
      cri = Cri.observe(endpoint);
    }
    return cri;
  }

  private synchronized void forget(Cri lost) {
    if (cri == lost) {
      close();
    }
  }

  @Override
  public synchronized void close() {
    if (cri != null) {
      cri.close();
      cri = null;
    }
  }
}
