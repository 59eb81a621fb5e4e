package dev.portcullis.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.run.containerd.PrivateContainerd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// A containerd with the handlers runc, crun, one that drops profiles and one that has others,
/// shared by the classes that ask for it. Where it cannot be had, their tests are skipped and say
/// why.
final class RealRuntime implements BeforeAllCallback {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().normalize();

  private record Shared(PrivateContainerd containerd) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      containerd.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    requireMachine();
    PrivateContainerd containerd =
        context
            .getRoot()
            .getStore(Namespace.create(RealRuntime.class))
            .computeIfAbsent(Shared.class, _ -> start(), Shared.class)
            .containerd();
    endpoint = containerd.endpoint();
    name = containerd.directory().getFileName().toString();
  }

  private static String endpoint = "";
  private static String name = "";

  /// Skips the calling tests where this machine has no runtime to run them on.
  static void requireMachine() {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: containers need it");
    for (String program : new String[] {"containerd", "runc", "crun"}) {
      assumeTrue(
          Files.exists(Path.of("/usr/bin", program)) || Files.exists(Path.of("/usr/sbin", program)),
          program + " is not installed: apt-get install " + program);
    }
    assumeTrue(Files.exists(Path.of("/bin/busybox")), "no busybox: apt-get install busybox-static");
    assumeTrue(
        Files.exists(Path.of("/usr/lib/cni/bridge")),
        "no CNI plugins: apt-get install containernetworking-plugins");
  }

  static String endpoint() {
    return endpoint;
  }

  /// What its containers' control group is called.
  static String name() {
    return name;
  }

  static String example(String name) {
    return REPOSITORY.resolve("examples").resolve(name).toString();
  }

  private static Shared start() {
    try {
      Path parent = Path.of("/var/lib/portcullis-e2e");
      Files.createDirectories(parent);
      return new Shared(
          PrivateContainerd.start(
              new PrivateContainerd.Options(
                  parent,
                  Map.of(
                      "nofilter",
                      rewriting(parent, "nofilter", "s/\"seccomp\":/\"forgotten\":/"),
                      "otherfilter",
                      rewriting(parent, "otherfilter", "s/\"mkdir\"/\"rmdir\"/")),
                  Duration.ofSeconds(60)),
              line -> System.out.println("e2e: " + line)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A runtime that makes something else of the configuration: one that forgets the profile, as one
  /// that was built without seccomp does, or takes another.
  private static Path rewriting(Path parent, String name, String edit) throws IOException {
    Path script = parent.resolve(name);
    Files.writeString(
        script,
        """
        #!/bin/sh
        bundle=
        previous=
        for word; do
          [ "$previous" = --bundle ] && bundle=$word
          previous=$word
        done
        [ -z "$bundle" ] || sed -i '%s' "$bundle/config.json"
        exec runc "$@"
        """
            .formatted(edit));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }
}
