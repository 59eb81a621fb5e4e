package dev.portcullis.fuzz;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.portcullis.container.profiles.AllowedListeners;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.cri.Interceptor.Pass;
import dev.portcullis.cri.Interceptor.Reason;
import dev.portcullis.cri.Interceptor.Refuse;
import dev.portcullis.cri.runtime.DefaultCapabilities;
import dev.portcullis.cri.runtime.RuntimeCapabilities;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.node.proxy.ContainerRecord;
import dev.portcullis.node.proxy.GateListener;
import dev.portcullis.node.proxy.ProfileGate;
import dev.portcullis.node.proxy.RecordStore;
import dev.portcullis.node.proxy.RecordableContainer;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.runtime.CapabilityPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import runtime.v1.Api;
import runtime.v1.Api.SecurityProfile.ProfileType;

/// Requests to create a container, as a kubelet sends them. What passes names in both forms of CRI
/// the same profile, which is the runtime's default or a snapshot, unless the request itself or an
/// annotation asks for no filter; and nothing but the profile and our own annotations has changed.
@SuppressWarnings("deprecation") // the old string is a part of what is tested
public final class CriTarget {
  private static final String CREATE = "runtime.v1.RuntimeService/CreateContainer";
  private static final String SANDBOX = "runtime.v1.RuntimeService/RunPodSandbox";
  private static final String GOOD =
      "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_ERRNO\"}]}";
  private static final ProfileGate GATE = gate();

  private CriTarget() {}

  private static ProfileGate gate() {
    try {
      Path directory = Files.createTempDirectory("portcullis-fuzz-").toRealPath();
      Path root = Files.createDirectory(directory.resolve("seccomp"));
      Files.writeString(root.resolve("a.json"), GOOD);
      return new ProfileGate(
          new ProfileRoot(root),
          new AllowedListeners(Set.of()),
          ProfileName.RUNTIME_DEFAULT,
          new ThisMachine("node-1", Architecture.X86_64, new KernelVersion(6, 1)),
          DefaultCapabilities.always(
              new RuntimeCapabilities(Set.of("CAP_CHOWN"), CapabilityPrefix.ALWAYS)),
          new Snapshots(directory.resolve("snapshots")),
          new RecordStore(directory.resolve("records")),
          _ -> Map.of(),
          Compiler.inThisProcess(),
          new Silent());
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static final class Silent implements GateListener {
    @Override
    public void admitted(Subject subject, ContainerRecord record, @Nullable String note) {}

    @Override
    public void warned(Subject subject, String words) {}

    @Override
    public void refused(Subject subject, String message) {}

    @Override
    public void withheld(String pod, List<String> keys) {}

    @Override
    public Consumer<String> recordable(RecordableContainer container) {
      return _ -> {};
    }

    @Override
    public void removed() {}
  }

  /// Called by the fuzzer.
  public static void fuzzerTestOneInput(byte[] input) throws InvalidProtocolBufferException {
    boolean _ = holds(input);
  }

  /// Whether the promise about containers was put to the test: one was let through.
  static boolean holds(byte[] input) throws InvalidProtocolBufferException {
    switch (GATE.judge(SANDBOX, input)) {
      case Pass pass -> requireDefault(Api.RunPodSandboxRequest.parseFrom(pass.request()));
      case Refuse _ -> {}
    }
    return switch (GATE.judge(CREATE, input)) {
      case Pass pass -> {
        requireJudged(
            Api.CreateContainerRequest.parseFrom(input),
            Api.CreateContainerRequest.parseFrom(pass.request()));
        pass.afterwards().run();
        yield true;
      }
      case Refuse(Reason reason, String message) -> {
        if (reason == Reason.INTERNAL) {
          throw new AssertionError(message);
        }
        yield false;
      }
    };
  }

  private static void requireDefault(Api.RunPodSandboxRequest passed) {
    var linux = passed.getConfig().getLinux().getSecurityContext();
    boolean windows = passed.getConfig().hasWindows() && !passed.getConfig().hasLinux();
    require(
        windows
            || linux.getPrivileged()
            || (linux.getSeccomp().getProfileType() == ProfileType.RuntimeDefault
                && linux.getSeccompProfilePath().equals("runtime/default")),
        "a sandbox without the runtime's default",
        passed);
  }

  private static void requireJudged(
      Api.CreateContainerRequest asked, Api.CreateContainerRequest passed) {
    var security = passed.getConfig().getLinux().getSecurityContext();
    require(rest(asked).equals(rest(passed)), "something else has changed", passed);
    if (asked.getConfig().getLinux().getSecurityContext().getPrivileged()) {
      return;
    }
    String path = security.getSeccompProfilePath();
    require(security.hasSeccomp(), "no profile in the message", passed);
    switch (security.getSeccomp().getProfileType()) {
      case RuntimeDefault -> require(path.equals("runtime/default"), "two profiles", passed);
      case Localhost ->
          require(
              path.equals("localhost/" + security.getSeccomp().getLocalhostRef())
                  && security.getSeccomp().getLocalhostRef().contains("/snapshots/"),
              "a file that is no snapshot",
              passed);
      case Unconfined -> {
        require(path.equals("unconfined"), "two profiles", passed);
        require(asksForNone(asked), "unconfined, and nobody asked for it", passed);
      }
      case UNRECOGNIZED -> require(false, "an unknown type", passed);
    }
  }

  /// Whether anything in a request says `unconfined`, by a reader of its own.
  private static boolean asksForNone(Api.CreateContainerRequest asked) {
    var security = asked.getConfig().getLinux().getSecurityContext();
    return security.getSeccompProfilePath().equals("unconfined")
        || (security.hasSeccomp()
            && security.getSeccomp().getProfileType() == ProfileType.Unconfined
            && !asked
                .getSandboxConfig()
                .getAnnotationsOrDefault("portcullis.dev/unconfined", "")
                .isEmpty())
        || asked.getSandboxConfig().getAnnotationsMap().entrySet().stream()
            .anyMatch(entry ->
                entry.getKey().contains("seccomp.security.alpha.kubernetes.io/")
                    && entry.getValue().equals("unconfined"));
  }

  /// A request without what a judgement changes.
  private static Api.CreateContainerRequest rest(Api.CreateContainerRequest request) {
    Api.CreateContainerRequest.Builder rest = request.toBuilder();
    Api.ContainerConfig.Builder config = rest.getConfigBuilder();
    List.copyOf(config.getAnnotationsMap().keySet()).stream()
        .filter(key -> key.startsWith("portcullis.dev/"))
        .forEach(config::removeAnnotations);
    rest.getConfigBuilder()
        .getLinuxBuilder()
        .getSecurityContextBuilder()
        .clearSeccomp()
        .clearSeccompProfilePath();
    return rest.build();
  }

  private static void require(boolean holds, String otherwise, Object message) {
    if (!holds) {
      throw new AssertionError(otherwise + ": " + message);
    }
  }
}
