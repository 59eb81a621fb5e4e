package dev.portcullis.node.proxy;

import dev.portcullis.container.profiles.AllowedListeners;
import dev.portcullis.container.profiles.BoundingSet;
import dev.portcullis.container.profiles.CompilationGuard;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.container.profiles.RuntimeProfile;
import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.container.rights.AskedRights;
import dev.portcullis.cri.ContainerCreation;
import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.cri.Interceptor;
import dev.portcullis.cri.SandboxCreation;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.cri.runtime.DefaultCapabilities;
import dev.portcullis.cri.runtime.RuntimeCapabilities;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.spec.RuntimeAnnotation;
import dev.portcullis.pods.spec.SeccompKeys;
import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.profiles.store.UsableProfile;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.lint.FakesSuccess;
import dev.portcullis.seccomp.resolve.Target;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sees to it that each container is made under its profile, or not at all.
public final class ProfileGate implements Interceptor {
  private static final Set<String> WANTED =
      Set.of(
          "RunPodSandbox", "CreateContainer", "RestorePod", "RemoveContainer", "RemovePodSandbox");

  private static final int MOST_NAMED = 5;

  private final ProfileSelector decision;
  private final ProfileRoot root;
  private final AllowedListeners listeners;
  private final AdmittedContent admitted;
  private final CompilationGuard filters;
  private final ThisMachine machine;
  private final DefaultCapabilities defaults;
  private final Snapshots snapshots;
  private final RecordStore records;
  private final ObeyedAnnotations annotations;
  private final GateListener listener;

  /// @param listeners the sockets that profiles may name
  /// @param otherwise the profile of containers for which none is named
  /// @param defaults what the runtime gives to containers by itself
  /// @param images what the runtime reports about them
  public ProfileGate(
      ProfileRoot root,
      AllowedListeners listeners,
      ProfileName otherwise,
      ThisMachine machine,
      DefaultCapabilities defaults,
      Snapshots snapshots,
      RecordStore records,
      ImageAnnotations images,
      Compiler compiler,
      GateListener listener) {
    this.decision = new ProfileSelector(root.directory(), otherwise);
    this.root = root;
    this.listeners = listeners;
    this.admitted = new AdmittedContent(root, compiler);
    this.filters = new CompilationGuard(compiler);
    this.machine = machine;
    this.defaults = defaults;
    this.snapshots = snapshots;
    this.records = records;
    this.annotations = new ObeyedAnnotations(images);
    this.listener = listener;
  }

  /// Does once what the first container would wait for: most of it is the loading of messages.
  public void rehearse() throws IOException {
    ContainerCreation request = ContainerCreation.read(new byte[0]);
    ContainerRequest creation = ContainerRequest.of(request);
    ProfileSelector.overridden(creation, decision.about(creation));
    request.under(new SeccompSetting.RuntimeDefault(), Map.of());
    byte[] _ = SandboxCreation.read(new byte[0]).underRuntimeDefault();
  }

  @Override
  public boolean wants(String method) {
    return WANTED.contains(name(method)) || isNewWay(name(method));
  }

  /// Whether it is a way to make containers that this version does not know.
  private static boolean isNewWay(String name) {
    return !WANTED.contains(name) && (name.startsWith("Create") || name.startsWith("Restore"));
  }

  private static String name(String method) {
    return method.substring(method.indexOf('/') + 1);
  }

  @Override
  public Verdict judge(String method, byte[] request) {
    try {
      return switch (name(method)) {
        case "RunPodSandbox" -> sandbox(SandboxCreation.read(request));
        case "CreateContainer" -> container(request);
        // It carries the configurations of containers that are made at once.
        case "RestorePod" ->
            new Refuse(
                Reason.UNIMPLEMENTED,
                "portcullis: Portcullis does not allow restoring pods from a checkpoint, because it"
                    + " could not check the profiles of their containers");
        case String other when isNewWay(other) ->
            new Refuse(
                Reason.UNIMPLEMENTED,
                "portcullis: "
                    + other
                    + " is newer than this version of Portcullis, and might create containers whose"
                    + " profiles are not checked; upgrade Portcullis");
        default -> new Pass(request, listener::removed);
      };
    } catch (IOException malformed) {
      return new Refuse(Reason.INVALID_ARGUMENT, "portcullis: " + malformed.getMessage());
    }
  }

  /// CRI-O hands the sandbox's annotations on to its containers, also those that the pod has lost
  /// since.
  private Verdict sandbox(SandboxCreation request) {
    List<String> obeyed =
        request.annotations().keySet().stream()
            .filter(key -> RuntimeAnnotation.of(key) != null)
            .toList();
    if (!obeyed.isEmpty()) {
      listener.withheld(request.pod().namespace() + "/" + request.pod().name(), obeyed);
    }
    return new Pass(request.without(obeyed).underRuntimeDefault(), () -> {});
  }

  private Verdict container(byte[] bytes) throws IOException {
    ContainerCreation request = ContainerCreation.read(bytes);
    ContainerRequest creation = ContainerRequest.of(request);
    if (request.windows()) {
      return refuse(
          creation, Reason.INVALID_ARGUMENT, "it is for Windows, but this node runs Linux");
    }
    if (!request.tellsOfPod()) {
      return refuse(
          creation,
          Reason.INVALID_ARGUMENT,
          "the request has no sandbox_config, so the annotations of its pod are not known");
    }
    Selection choice = decision.about(creation);
    ObeyedAnnotations.Problem obeyed = annotations.wrong(creation, choice, request);
    if (obeyed != null) {
      return refuse(creation, obeyed.reason(), obeyed.words());
    }
    return switch (choice) {
      case Selection.LeftAlone() -> leftAlone(creation, request);
      case Selection.Unusable(String source, String problem) ->
          refuse(
              creation,
              Reason.INVALID_ARGUMENT,
              source + ": " + problem + "; use runtime/default, unconfined or localhost/<path>");
      case Selection.Chosen chosen -> {
        String overridden = ProfileSelector.overridden(creation, choice);
        yield switch (chosen.name()) {
          case ProfileName.RuntimeDefault _ ->
              plain(creation, request, chosen, new SeccompSetting.RuntimeDefault(), overridden);
          case ProfileName.Unconfined _ ->
              plain(creation, request, chosen, new SeccompSetting.Unconfined(), overridden);
          case ProfileName.Localhost name ->
              switch (root.check(name.path())) {
                case UsableProfile profile -> {
                  String wrong = listeners.refusal(profile.profile());
                  if (wrong == null) {
                    wrong = fakes(request, profile);
                  }
                  if (wrong == null) {
                    wrong = admitted.wrong(creation, name, profile);
                  }
                  yield wrong == null
                      ? file(creation, request, chosen, profile, overridden)
                      : refuse(creation, Reason.FAILED_PRECONDITION, names(chosen) + ": " + wrong);
                }
                case ProfileLookup.None none ->
                    refuse(creation, Reason.FAILED_PRECONDITION, names(chosen) + ": " + none.why());
              };
        };
      }
    };
  }

  private static String names(Selection.Chosen chosen) {
    return chosen.source() + " names " + QuotedText.path(chosen.name().text());
  }

  private Verdict leftAlone(ContainerRequest creation, ContainerCreation request) {
    ContainerRecord record =
        new ContainerRecord(
            ProfileName.UNCONFINED.text(),
            SelectionOrigin.PRIVILEGED.text(),
            null,
            null,
            null,
            false);
    listener.admitted(subject(creation), record, null);
    return pass(creation, request, request.annotated(record.annotations()), record, () -> {});
  }

  private Verdict plain(
      ContainerRequest creation,
      ContainerCreation request,
      Selection.Chosen chosen,
      SeccompSetting setting,
      @Nullable String note) {
    ContainerRecord record =
        new ContainerRecord(
            chosen.name().text(),
            chosen.origin().text(),
            null,
            null,
            asked(request),
            creation.wantsProof());
    listener.admitted(subject(creation), record, note);
    return pass(creation, request, request.under(setting, record.annotations()), record, () -> {});
  }

  private Verdict file(
      ContainerRequest creation,
      ContainerCreation request,
      Selection.Chosen chosen,
      UsableProfile profile,
      @Nullable String note) {
    Target target;
    try {
      target = machine.target(bounding(request, profile));
    } catch (IOException unknown) {
      return refuse(
          creation,
          Reason.FAILED_PRECONDITION,
          names(chosen)
              + ", which depends on the container's capabilities, and "
              + unknown.getMessage());
    }
    RuntimeProfile given = RuntimeProfile.of(profile, target);
    String wrong = filters.wrong(given.profile());
    if (wrong != null) {
      return refuse(
          creation,
          Reason.FAILED_PRECONDITION,
          names(chosen) + ": " + QuotedText.path(profile.source()) + ": " + wrong);
    }
    Snapshots.Held held;
    try {
      held = snapshots.hold(given.content());
    } catch (IOException e) {
      return refuse(
          creation,
          Reason.FAILED_PRECONDITION,
          names(chosen) + ", but Portcullis cannot write a snapshot of it: " + e);
    }
    ContainerRecord record =
        new ContainerRecord(
            chosen.name().text(),
            chosen.origin().text(),
            profile.content().sha256(),
            given.content().sha256(),
            asked(request),
            creation.wantsProof());
    listener.admitted(subject(creation), record, note);
    for (Finding finding : profile.findings()) {
      if (finding.problem() == Problem.FAKES_SUCCESS) {
        listener.warned(subject(creation), names(chosen) + ": " + finding);
      }
    }
    return pass(
        creation,
        request,
        request.under(new SeccompSetting.Localhost(held.file()), record.annotations()),
        record,
        held::close);
  }

  /// What the container can have at all. What it gets without asking matters to Docker's conditions
  /// alone, and only then the runtime is asked.
  private Set<String> bounding(ContainerCreation request, UsableProfile profile)
      throws IOException {
    ContainerSpec.Capabilities capabilities = request.capabilities();
    RuntimeCapabilities own =
        profile.profile().dockerOnly().isEmpty()
            ? RuntimeCapabilities.NONE
            : defaults.ofSandbox(request.sandboxId());
    return BoundingSet.of(own, false, capabilities.add(), capabilities.drop());
  }

  /// Keeps what was decided before the kubelet can start the container.
  private Pass pass(
      ContainerRequest creation,
      ContainerCreation asked,
      byte[] request,
      ContainerRecord record,
      Runnable afterwards) {
    Consumer<String> recorder = recorder(asked);
    return new Pass(
        request,
        answer -> {
          try {
            String id = ContainerCreation.id(answer);
            recorder.accept(id);
            records.keep(id, record);
          } catch (IOException full) {
            listener.warned(
                subject(creation), "only the runtime keeps the record of this decision: " + full);
          }
        },
        afterwards);
  }

  private Consumer<String> recorder(ContainerCreation asked) {
    String recording = asked.podAnnotations().get(SeccompKeys.RECORD);
    return recording == null
        ? _ -> {}
        : listener.recordable(
            new RecordableContainer(
                asked.pod().namespace(),
                asked.pod().name(),
                asked.pod().uid(),
                asked.sandboxId(),
                asked.container(),
                asked.image(),
                recording));
  }

  /// Why a runtime would be deceived by a profile; null where it would not. Under no_new_privs the
  /// filter is loaded last.
  private static @Nullable String fakes(ContainerCreation request, UsableProfile profile) {
    List<String> faked =
        request.noNewPrivileges() ? List.of() : FakesSuccess.ofRights(profile.profile());
    return faked.isEmpty()
        ? null
        : "it answers "
            + String.join(", ", faked.subList(0, Math.min(MOST_NAMED, faked.size())))
            + (faked.size() > MOST_NAMED ? " and others" : "")
            + " with errno 0, so the runtime would assume that it dropped rights, and the container"
            + " would keep them; use another errnoRet, such as 1, or set allowPrivilegeEscalation:"
            + " false";
  }

  private static AskedRights asked(ContainerCreation request) {
    ContainerSpec.User user = request.user();
    return new AskedRights(
        user.uid(),
        user.gid(),
        new ContainerSpec.Capabilities(request.addedCapabilities(), request.capabilities().drop()),
        request.noNewPrivileges());
  }

  private Refuse refuse(ContainerRequest creation, Reason reason, String words) {
    listener.refused(subject(creation), words);
    return new Refuse(
        reason,
        "portcullis: pod "
            + QuotedText.path(creation.pod())
            + ", container "
            + QuotedText.of(creation.container())
            + ": "
            + words);
  }

  private static GateListener.Subject subject(ContainerRequest creation) {
    return new GateListener.Subject(creation.pod(), creation.container());
  }
}
