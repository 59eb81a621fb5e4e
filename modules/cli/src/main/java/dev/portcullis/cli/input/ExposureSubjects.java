package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ExposureOptions;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.ProfileRootOptions;
import dev.portcullis.cli.options.StockOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.ProcessRights;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.profiles.exposure.Privileges;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a command asks about: containers in manifests, profiles and processes.
public final class ExposureSubjects {
  private final SubjectFilters filters;
  private final FilterSource source;
  private final ContainerPlace.Machine here;

  /// Null where pods run as Portcullis admits them.
  private final @Nullable StockKubernetes today;

  private final Judge judge;
  private final ContainerSubjects containers;
  private final List<ExposureSubject> subjects = new ArrayList<>();
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Diagnostic> complaints = new ArrayList<>();

  private ExposureSubjects(
      SubjectFilters filters,
      FilterSource source,
      ContainerPlace.Machine here,
      @Nullable StockKubernetes today,
      Judge judge) {
    this.filters = filters;
    this.source = source;
    this.here = here;
    this.today = today;
    this.judge = judge;
    this.containers = new ContainerSubjects(filters, here);
  }

  /// A container that is not asked about.
  ///
  /// @param what becomes of it, in words: `does not run`
  /// @param why empty where that is enough
  public record LeftOut(String name, ExposureSubject.Place place, String what, String why) {
    /// In one line.
    public String text() {
      return Diagnostic.place(place.file(), place.at())
          + ": "
          + name
          + " "
          + what
          + ", and is left out"
          + (why.isEmpty() ? "" : ": " + why);
    }

    /// What becomes of it, and why.
    public String reason() {
      return why.isEmpty() ? what : what + ": " + why;
    }
  }

  /// What was found.
  ///
  /// @param how containers run; empty where there are none
  public record Found(
      List<ExposureSubject> subjects,
      String how,
      List<LeftOut> leftOut,
      List<String> notes,
      List<Diagnostic> complaints) {
    public Found {
      subjects = List.copyOf(subjects);
      leftOut = List.copyOf(leftOut);
      notes = List.copyOf(notes);
      complaints = List.copyOf(complaints);
    }
  }

  /// Finds them.
  ///
  /// @param operands without the ids of vulnerabilities
  /// @param judge of pods, where they run as Portcullis admits them
  public static Found read(
      List<String> operands, Arguments arguments, Judge judge, FilterSource source, InputStream in)
      throws UsageException, IOException, InterruptedException {
    ExposureSubjects reading =
        new ExposureSubjects(
            new SubjectFilters(source, SubjectProfiles.of(root(arguments))),
            source,
            here(arguments, source, RuntimeDefaultArgument.NAME),
            arguments.has(ExposureOptions.WITH_PORTCULLIS)
                ? null
                : StockOptions.kubernetes(arguments),
            judge);
    List<String> manifests = new ArrayList<>();
    for (String operand : operands) {
      if (holdsManifests(operand)) {
        manifests.add(operand);
      } else if (ProcessArgument.isOne(operand)) {
        reading.process(operand);
      } else {
        reading.profile(operand);
      }
    }
    if (!manifests.isEmpty()) {
      reading.manifests(manifests, in);
    }
    return reading.found("");
  }

  /// Finds the containers of the pods that run in a cluster.
  ///
  /// @param judge of pods, where they run as Portcullis admits them
  public static Found ofCluster(
      ClusterConnection connection, Arguments arguments, Judge judge, FilterSource source)
      throws UsageException, IOException {
    ClusterScene scene = ClusterScene.of(connection, arguments, null, judge, source);
    @Nullable StockKubernetes today = null;
    List<String> notes = new ArrayList<>(scene.notes());
    if (!arguments.has(ExposureOptions.WITH_PORTCULLIS)) {
      int minor = connection.minorVersion();
      today = StockOptions.running(arguments, minor);
      notes.addAll(StockOptions.notes(today, minor));
    }
    ExposureSubjects reading =
        new ExposureSubjects(scene.filters(), source, scene.here(), today, judge);
    reading.notes.addAll(notes);
    reading.complaints.addAll(scene.complaints());
    for (JudgedPod pod : scene.pods()) {
      reading.pod(pod, scene.place(pod));
    }
    return reading.found(" in the cluster");
  }

  /// @param where they run
  private Found found(String where) {
    String how;
    if (subjects.stream().allMatch(each -> each.reason().isEmpty())) {
      how = "";
    } else if (today == null) {
      how = "as Portcullis admits them" + where;
    } else {
      how =
          "as Kubernetes 1."
              + today.minor()
              + (today.seccompDefault() ? " with seccompDefault" : "")
              + " runs them"
              + where
              + " without Portcullis";
    }
    return new Found(subjects, how, leftOut, notes, complaints);
  }

  /// This machine.
  ///
  /// @param runtimeDefault what `runtime/default` stands for where no option gives it; null for
  ///   nothing
  static ContainerPlace.Machine here(
      Arguments arguments, FilterSource source, @Nullable String runtimeDefault)
      throws UsageException {
    Set<String> capabilities = FilterOptions.capabilities(FilterOptions.CAPABILITIES, arguments);
    String named = arguments.value(ExposureOptions.RUNTIME_DEFAULT);
    String operand = named == null ? runtimeDefault : named;
    return new ContainerPlace.Machine(
        source.target().kernel(),
        capabilities == null ? FilterOptions.usualCapabilities() : capabilities,
        operand == null
            ? new ContainerPlace.RuntimeDefault.Unknown("not named")
            : new ContainerPlace.RuntimeDefault.Operand(operand));
  }

  static ProfileRoot root(Arguments arguments) throws UsageException {
    return new ProfileRoot(ProfileRootOptions.profileRoot(arguments));
  }

  /// The filter of `runtime/default`, for a container that asks for nothing.
  public static SubjectFilter runtimeDefault(Arguments arguments, FilterSource source)
      throws UsageException {
    return new SubjectFilters(source, SubjectProfiles.of(root(arguments)))
        .of(
            ProfileName.RUNTIME_DEFAULT,
            here(arguments, source, RuntimeDefaultArgument.NAME),
            source.target().capabilities());
  }

  /// Whether an operand stands for manifests, and not for a profile: what is not a file may still
  /// be the name of one.
  private static boolean holdsManifests(String operand) throws IOException {
    if (operand.equals("-")) {
      return true;
    }
    Path path;
    try {
      path = Path.of(operand);
    } catch (InvalidPathException notAPath) {
      return false;
    }
    if (Files.isDirectory(path)) {
      return true;
    }
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      return Files.exists(path);
    }
    try (InputStream content = Files.newInputStream(path)) {
      byte[] bytes = content.readNBytes(Limits.MANIFEST.bytes() + 1);
      return !(Documents.read(bytes, Limits.MANIFEST) instanceof ParseResult.Documents(var values)
          && values.size() == 1
          && values.getFirst() instanceof Mapping document
          && document.get("kind") == null
          && document.get("defaultAction") != null);
    }
  }

  private void process(String operand) throws UsageException, InterruptedException {
    ProcessArgument process = ProcessArgument.read(operand);
    FilterArgument argument = process.filters();
    complaints.addAll(argument.complaints());
    notes.addAll(argument.notes());
    if (argument.filters() == null) {
      return;
    }
    try (LiveProcess live = process.open()) {
      Optional<ProcessRights> rights = live.rightsOfProgram();
      if (rights.isEmpty()) {
        complaints.add(new Diagnostic(process.ended().getMessage() + "", ExitCode.WORLD));
        return;
      }
      subjects.add(
          new ExposureSubject(
              operand,
              ExposureSubject.Place.NONE,
              operand,
              "",
              new Privileges(rights.get().capabilities(), rights.get().inOurUserNamespace()),
              new SubjectFilter.Known(argument.filters(), null)));
    } catch (IOException failed) {
      complaints.add(new Diagnostic(String.valueOf(failed.getMessage()), ExitCode.WORLD));
    }
  }

  private void profile(String operand) throws UsageException {
    Set<String> capabilities = source.target().capabilities();
    String name = operand;
    SubjectFilter filter;
    if (operand.equals(ProfileName.UNCONFINED.text())) {
      filter = filters.of(ProfileName.UNCONFINED, here, capabilities);
    } else {
      ProfileOperand written = source.profiles().read(operand);
      complaints.addAll(written.complaints());
      notes.addAll(written.notes());
      if (written.profile() == null) {
        return;
      }
      // The name of a built-in default with the release that it means.
      name = written.text();
      filter = filters.of(written, capabilities);
    }
    subjects.add(
        new ExposureSubject(
            name,
            isFile(operand)
                ? new ExposureSubject.Place(operand, Position.NONE, false)
                : ExposureSubject.Place.NONE,
            name,
            "",
            new Privileges(capabilities, true),
            filter));
  }

  private static boolean isFile(String operand) {
    try {
      return Files.isRegularFile(Path.of(operand));
    } catch (InvalidPathException notAPath) {
      return false;
    }
  }

  private void manifests(List<String> operands, InputStream in) throws UsageException {
    JudgedPods judged = JudgedPods.read(operands, in, judge);
    complaints.addAll(judged.complaints());
    if (judged.pods().isEmpty() && judged.complaints().isEmpty()) {
      complaints.add(JudgedPods.none(operands));
    }
    for (JudgedPod pod : judged.pods()) {
      pod(pod, here);
    }
  }

  private void pod(JudgedPod judged, ContainerPlace place) throws UsageException {
    List<Container> all = judged.judgement().pod().spec().containers();
    for (int i = 0; i < all.size(); i++) {
      Container container = all.get(i);
      switch (today == null
          ? containers.admitted(judged, i, place)
          : containers.today(judged, container, today, place)) {
        case ContainerFate.Runs(ExposureSubject subject, _) -> subjects.add(subject);
        case ContainerFate.OnWindows() -> leaveOut(judged, container, "runs on Windows", "");
        case ContainerFate.NotRun(ContainerFate.Hindrance hindrance, String why) ->
            leaveOut(judged, container, hindrance.words(), why);
      }
    }
  }

  private void leaveOut(JudgedPod judged, Container container, String what, String why) {
    leftOut.add(
        new LeftOut(
            ContainerSubjects.name(judged, container),
            ExposureSubject.Place.of(judged, container),
            what,
            why));
  }

  /// A pod for people: `default/web`, `Deployment default/web`.
  static String podName(JudgedPod judged) {
    Pod pod = judged.judgement().pod();
    return (pod.isTemplate() ? pod.identity().kind() + " " : "")
        + judged.judgement().namespace()
        + "/"
        + pod.identity().name();
  }
}
