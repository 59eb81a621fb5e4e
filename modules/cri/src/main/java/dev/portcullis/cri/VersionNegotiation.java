package dev.portcullis.cri;

import io.grpc.MethodDescriptor;
import java.time.Duration;
import runtime.v1.Api;
import runtime.v1.RuntimeServiceGrpc;

/// The first word with a runtime: which version of CRI it speaks.
final class VersionNegotiation {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String V1 = "runtime.v1.";
  // How the versions before 1 named the same service with the same messages.
  private static final String ALPHA = "runtime.v1alpha2.";

  private VersionNegotiation() {}

  /// Whether it speaks `runtime.v1alpha2` alone.
  ///
  /// @param alphaWillDo whether that is an answer, and no failure
  /// @throws CriException where it speaks nothing that will do
  static boolean isAlpha(GrpcConnection connection, Endpoint endpoint, boolean alphaWillDo)
      throws CriException {
    try {
      version(connection, RuntimeServiceGrpc.getVersionMethod());
      return false;
    } catch (CriException e) {
      // UNAVAILABLE, INTERNAL and such: what listens takes the connection but speaks no gRPC.
      if (e.kind() == CriException.Kind.TIMEOUT || e.kind() == CriException.Kind.INTERRUPTED) {
        throw e;
      }
      boolean alpha = e.kind() == CriException.Kind.NOT_CRI && speaksAlpha(connection);
      if (alpha && alphaWillDo) {
        return true;
      }
      throw new CriException(
          CriException.Kind.NOT_CRI,
          e.method(),
          e.code(),
          "runtime endpoint "
              + endpoint.text()
              + (alpha
                  ? ": speaks only CRI v1alpha2; v1 is needed (containerd 1.6 or newer, CRI-O 1.23"
                      + " or newer)"
                  : ": not a CRI runtime, or its CRI is disabled (containerd: disabled_plugins in"
                      + " /etc/containerd/config.toml): "
                      + e.getMessage()),
          e);
    }
  }

  private static boolean speaksAlpha(GrpcConnection connection) {
    try {
      version(connection, ofAlpha(RuntimeServiceGrpc.getVersionMethod()));
      return true;
    } catch (CriException notThatEither) {
      return false;
    }
  }

  private static void version(
      GrpcConnection connection, MethodDescriptor<Api.VersionRequest, Api.VersionResponse> method)
      throws CriException {
    connection.call(method, Api.VersionRequest.getDefaultInstance(), PATIENCE);
  }

  /// The same method in `runtime.v1alpha2`.
  static <Q, A> MethodDescriptor<Q, A> ofAlpha(MethodDescriptor<Q, A> method) {
    return method.toBuilder()
        .setFullMethodName(ALPHA + method.getFullMethodName().substring(V1.length()))
        .build();
  }
}
