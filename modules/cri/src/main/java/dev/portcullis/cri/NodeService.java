package dev.portcullis.cri;

import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import portcullis.v1.NodeGrpc;
import portcullis.v1.NodeOuterClass.ProfileRootRequest;
import portcullis.v1.NodeOuterClass.ProfileRootResponse;

/// What a node's Portcullis reports about itself. By this, a client of CRI distinguishes it from a
/// runtime.
final class NodeService extends NodeGrpc.NodeImplBase {
  private final ProfileRootResponse answer;

  NodeService(Path profileRoot) {
    answer = ProfileRootResponse.newBuilder().setDirectory(profileRoot.toString()).build();
  }

  @Override
  public void profileRoot(
      ProfileRootRequest request, StreamObserver<ProfileRootResponse> observer) {
    observer.onNext(answer);
    observer.onCompleted();
  }
}
