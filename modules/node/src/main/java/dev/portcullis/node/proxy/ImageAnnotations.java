package dev.portcullis.node.proxy;

import dev.portcullis.cri.ContainerCreation;
import dev.portcullis.cri.CriException;
import java.util.Map;

/// What the runtime reports about the image that a container is to be made of.
@FunctionalInterface
public interface ImageAnnotations {

  /// The image's annotations; none where the runtime has no such image, or does not report them.
  ///
  /// @throws CriException where it cannot be asked, so that they are unknown
  Map<String, String> of(ContainerCreation request) throws CriException;
}
