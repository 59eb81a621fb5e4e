package dev.portcullis.e2e.crio;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.cri.CriException;
import dev.portcullis.cri.RuntimeVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/// A CRI-O for the tests of a class, as a static field of it with `@RegisterExtension`. Classes
/// that ask for the same kind share one. Where `PORTCULLIS_CRIO` names none, their tests are
/// skipped and say so.
public final class RealCrio implements BeforeAllCallback {
  /// It has a handler of each name, and of `crun` where one is named.
  public static final String RUNC = "runc";

  public static final String CRUN = "crun";

  /// One that obeys annotations about seccomp.
  public static final String ANNOTATED = "annotated";

  /// One whose default profile is another.
  public static final String OTHER_DEFAULT = "other-default";

  /// One that forgets profiles.
  public static final String NO_FILTER = "no-filter";

  /// The filter of privileged containers of a strict one, and the default of `other-default`.
  private static final String DENIES_MKDIR =
      """
      {"defaultAction": "SCMP_ACT_ALLOW",
       "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}
      """;

  private final boolean strict;
  private @Nullable PrivateCrio crio;

  private RealCrio(boolean strict) {
    this.strict = strict;
  }

  /// One as it comes.
  public static RealCrio plain() {
    return new RealCrio(false);
  }

  /// One that checks images by a policy, and has a filter for privileged containers.
  public static RealCrio strict() {
    return new RealCrio(true);
  }

  /// The running one.
  public PrivateCrio get() {
    if (crio == null) {
      throw new IllegalStateException("no test runs: a CRI-O is for the tests of a class");
    }
    return crio;
  }

  /// Skips the calling test where it is about crun, and there is none for it.
  public static void requireHandler(String handler) {
    CrioPrograms programs = CrioPrograms.of(System.getenv());
    assumeTrue(
        !handler.equals(CRUN) || (programs != null && programs.crun() != null),
        CrioPrograms.CRUN + " names no crun: CRI-O needs 1.21 or newer");
  }

  private record Shared(PrivateCrio crio) implements AutoCloseable {
    @Override
    public void close() throws IOException, CriException {
      crio.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    CrioPrograms programs = CrioPrograms.of(System.getenv());
    assumeTrue(
        programs != null,
        CrioPrograms.CRIO + " names no crio: CONTRIBUTING.md says what the tests on CRI-O need");
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: containers need it");
    List<String> missing = programs.missing();
    if (!missing.isEmpty()) {
      // Who names one wants it run.
      throw new IOException("for CRI-O are missing: " + String.join(", ", missing));
    }
    crio =
        context
            .getRoot()
            .getStore(Namespace.create(RealCrio.class, strict))
            .computeIfAbsent(Shared.class, _ -> start(programs), Shared.class)
            .crio();
  }

  private Shared start(CrioPrograms programs) {
    try {
      PrivateCrio started =
          PrivateCrio.start(programs, strict ? RealCrio::strict : RealCrio::plain);
      RuntimeVersion version = started.cri().version();
      System.out.println("e2e: " + version.name() + " " + version.version());
      return new Shared(started);
    } catch (IOException | CriException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void plain(CrioConfig config, CrioPrograms programs, CrioDirectory directory)
      throws IOException {
    Path runc = CrioPrograms.required("runc");
    Path bin = directory.file("bin");
    Path wrapped = OciWrapper.of(runc, bin);
    config.handler(RUNC, wrapped);
    Path crun = programs.crun();
    if (crun != null) {
      config.handler(CRUN, OciWrapper.of(crun, bin));
    }
    config.annotatedHandler(ANNOTATED, wrapped);
    config.handlerWithDefault(
        OTHER_DEFAULT, wrapped, Files.writeString(directory.file("other.json"), DENIES_MKDIR));
    config.handler(
        NO_FILTER, OciWrapper.editing(runc, bin, "forgetful", "s/\"seccomp\":/\"forgotten\":/"));
  }

  private static void strict(CrioConfig config, CrioPrograms programs, CrioDirectory directory)
      throws IOException {
    plain(config, programs, directory);
    config.signaturePolicy(
        Files.writeString(
            directory.file("policy.json"),
            "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}"));
    config.privilegedProfile(Files.writeString(directory.file("privileged.json"), DENIES_MKDIR));
  }
}
