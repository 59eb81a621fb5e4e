package dev.portcullis.cli.running;

import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.run.containerd.Images;
import dev.portcullis.run.containerd.PrivateContainerd;
import dev.portcullis.run.containerd.SystemPackages;
import dev.portcullis.run.crio.CrioImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// The runtime that pods run on: one that was named, or a containerd of our own.
public sealed interface ChosenRuntime extends AutoCloseable {

  Cri cri();

  /// Where it listens, `unix:///...`.
  String endpoint();

  /// The control group for its sandboxes; empty for the runtime's choice.
  String cgroupParent();

  /// Loads images from a file.
  ///
  /// @return their names
  List<String> load(Path archive, Consumer<String> say) throws IOException, CriException;

  /// Leaves it as it is when this process ends.
  ///
  /// @return the commands by which a person looks at it, and removes it; none where it is not ours
  List<String> keep() throws IOException;

  @Override
  void close() throws IOException;

  /// The runtime behind an endpoint.
  static ChosenRuntime named(String endpoint) throws IOException {
    try {
      return new Named(endpoint, Cri.connect(endpoint));
    } catch (CriException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// A containerd of our own. Installs what it needs, where it may.
  static ChosenRuntime ownContainerd(Consumer<String> say) throws IOException {
    SystemPackages.ofSystem().ensure(say);
    for (String socket : List.of("/run/containerd/containerd.sock", "/run/crio/crio.sock")) {
      if (Files.exists(Path.of(socket))) {
        say.accept(
            "the runtime at "
                + socket
                + " is left alone; to run the pods on it say --runtime-endpoint unix://"
                + socket);
      }
    }
    say.accept("starting a private containerd");
    return new Own(PrivateContainerd.start(PrivateContainerd.Options.DEFAULT, say));
  }

  /// One that was there, and stays.
  record Named(String endpoint, Cri cri) implements ChosenRuntime {
    @Override
    public String cgroupParent() {
      return "";
    }

    @Override
    public List<String> load(Path archive, Consumer<String> say) throws IOException, CriException {
      String runtime = cri.version().name();
      return switch (runtime) {
        case "containerd" -> Images.load(archive, endpoint, cri, say);
        case "cri-o" -> CrioImages.load(archive, endpoint, cri, say);
        default ->
            throw new IOException(
                "images can be loaded into containerd and CRI-O only, and "
                    + endpoint
                    + " is "
                    + runtime
                    + "; load "
                    + archive
                    + " with that runtime's own tools");
      };
    }

    @Override
    public List<String> keep() {
      cri.close();
      return List.of();
    }

    @Override
    public void close() {
      cri.close();
    }
  }

  /// One that we started, and end.
  record Own(PrivateContainerd containerd) implements ChosenRuntime {
    @Override
    public Cri cri() {
      return containerd.cri();
    }

    @Override
    public String endpoint() {
      return containerd.endpoint();
    }

    @Override
    public String cgroupParent() {
      return containerd.cgroupParent();
    }

    @Override
    public List<String> load(Path archive, Consumer<String> say) throws IOException, CriException {
      return containerd.load(archive, say);
    }

    @Override
    public List<String> keep() throws IOException {
      return containerd.keep();
    }

    @Override
    public void close() throws IOException {
      containerd.close();
    }
  }
}
