package dev.portcullis.kernel.trace;

import static dev.portcullis.kernel.libc.ErrorNumbers.EACCES;
import static dev.portcullis.kernel.libc.ErrorNumbers.ENODEV;
import static dev.portcullis.kernel.libc.ErrorNumbers.EPERM;

import dev.portcullis.kernel.libc.DetachedMount;
import dev.portcullis.kernel.libc.PathDescriptor;
import dev.portcullis.kernel.libc.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The root of tracefs: where the machine has it mounted, else mounted for this process alone, and
/// nowhere (see {@link DetachedMount}).
public final class TraceFiles implements AutoCloseable {
  private static final Path USUAL = Path.of("/sys/kernel/tracing");

  private final Path root;
  private final @Nullable PathDescriptor mount;

  private TraceFiles(Path root, @Nullable PathDescriptor mount) {
    this.root = root;
    this.mount = mount;
  }

  /// Finds or mounts it.
  ///
  /// @throws IOException with what to do, where the kernel has no trace of system calls or gives no
  ///   access to it
  public static TraceFiles open() throws IOException {
    Optional<TraceFiles> usual = ifMounted();
    TraceFiles files = usual.isPresent() ? usual.get() : mounted();
    if (!Files.isReadable(files.events().resolve("raw_syscalls/sys_exit/format"))) {
      files.close();
      throw new IOException(
          "tracefs has no readable events of system calls: the kernel is built without"
              + " CONFIG_FTRACE_SYSCALLS, or locked down (lockdown=confidentiality)");
    }
    return files;
  }

  /// Where the machine has it mounted; empty where it does not.
  static Optional<TraceFiles> ifMounted() {
    return Files.isDirectory(USUAL.resolve("instances")) ? Optional.of(usual()) : Optional.empty();
  }

  private static TraceFiles usual() {
    return new TraceFiles(USUAL, null);
  }

  private static TraceFiles mounted() throws IOException {
    try {
      PathDescriptor mount = DetachedMount.of("tracefs");
      return new TraceFiles(Path.of("/proc/self/fd/" + mount.number()), mount);
    } catch (SystemCallException e) {
      throw new IOException(
          switch (e.errno()) {
            case EPERM, EACCES ->
                "tracefs is not at "
                    + USUAL
                    + ", and cannot be mounted: this needs root with CAP_SYS_ADMIN, or as root:"
                    + " mount -t tracefs tracefs "
                    + USUAL;
            case ENODEV -> "this kernel is built without tracefs (CONFIG_TRACING)";
            default -> "tracefs cannot be mounted: " + e.getMessage();
          },
          e);
    }
  }

  /// Where the traces beside the one of the machine are.
  public Path instances() {
    return root.resolve("instances");
  }

  Path events() {
    return root.resolve("events");
  }

  @Override
  public void close() {
    if (mount != null) {
      mount.close();
    }
  }
}
