package dev.portcullis.cli.input;

import dev.portcullis.cli.input.ContainerPlace.RuntimeDefault;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.pods.spec.Container;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Pods with what becomes of each of their containers, without Portcullis and with it.
///
/// @param runtimeDefault the filter of `runtime/default`, for a container that asks for nothing
/// @param complaints about what could not be read
public record PodSurvey(
    List<OfPod> pods,
    SubjectFilter runtimeDefault,
    List<String> notes,
    List<Diagnostic> complaints) {
  /// What stands for `runtime/default` where no option gives it: a release that is known, whatever
  /// this machine runs.
  public static final String STAND_IN = "containerd/default";

  public PodSurvey {
    pods = List.copyOf(pods);
    notes = List.copyOf(notes);
    complaints = List.copyOf(complaints);
  }

  /// A pod.
  public record OfPod(JudgedPod pod, List<OfContainer> containers) {
    public OfPod {
      containers = List.copyOf(containers);
    }
  }

  /// A container of it.
  public record OfContainer(
      Container container, ContainerFate today, ContainerFate withPortcullis) {}

  /// Those of files and directories.
  public static PodSurvey ofFiles(
      Arguments arguments, Judge judge, StockKubernetes today, FilterSource source, InputStream in)
      throws UsageException {
    ContainerPlace.Machine here = ExposureSubjects.here(arguments, source, STAND_IN);
    SubjectFilters filters =
        new SubjectFilters(source, SubjectProfiles.of(ExposureSubjects.root(arguments)));
    JudgedPods judged = JudgedPods.read(arguments.operands(), in, judge);
    List<Diagnostic> complaints = new ArrayList<>(judged.complaints());
    if (judged.pods().isEmpty() && complaints.isEmpty()) {
      complaints.add(JudgedPods.none(arguments.operands()));
    }
    return new PodSurvey(
        pods(judged.pods(), new ContainerSubjects(filters, here), today, _ -> here),
        runtimeDefault(filters, here, here.runtimeDefault()),
        judged.notes(),
        complaints);
  }

  /// Those that run in a cluster.
  ///
  /// @param node on this node alone; null for all
  public static PodSurvey ofCluster(
      ClusterConnection connection,
      Arguments arguments,
      @Nullable String node,
      Judge judge,
      StockKubernetes today,
      FilterSource source)
      throws UsageException, IOException {
    ClusterScene scene = ClusterScene.of(connection, arguments, node, judge, source);
    return new PodSurvey(
        pods(
            scene.pods(),
            new ContainerSubjects(scene.filters(), scene.here()),
            today,
            scene::place),
        runtimeDefault(scene.filters(), scene.here(), scene.nodes().usualDefault()),
        scene.notes(),
        scene.complaints());
  }

  private static List<OfPod> pods(
      List<JudgedPod> judged,
      ContainerSubjects subjects,
      StockKubernetes today,
      Function<JudgedPod, ContainerPlace> places)
      throws UsageException {
    List<OfPod> pods = new ArrayList<>();
    for (JudgedPod pod : judged) {
      ContainerPlace place = places.apply(pod);
      List<OfContainer> containers = new ArrayList<>();
      List<Container> all = pod.judgement().pod().spec().containers();
      for (int i = 0; i < all.size(); i++) {
        containers.add(
            new OfContainer(
                all.get(i),
                subjects.today(pod, all.get(i), today, place),
                subjects.admitted(pod, i, place)));
      }
      pods.add(new OfPod(pod, containers));
    }
    return pods;
  }

  private static SubjectFilter runtimeDefault(
      SubjectFilters filters, ContainerPlace.Machine here, RuntimeDefault content)
      throws UsageException {
    Set<String> usual = FilterOptions.usualCapabilities();
    return filters.of(
        ProfileName.RUNTIME_DEFAULT,
        new ContainerPlace.Machine(here.kernel(), usual, content),
        usual);
  }
}
