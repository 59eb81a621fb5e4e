package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Escape;
import dev.portcullis.cri.RuntimeConfiguration;
import dev.portcullis.cri.runtime.KnownRuntime;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.runtime.ContainerRuntimeFacts;
import dev.portcullis.seccomp.runtime.RecognisedRuntime;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What was recognised of a runtime, and what follows from it.
///
/// @param capabilities of a container that asks for nothing
/// @param libseccomp the version that is installed here; empty where none is
public record RuntimeReport(
    KnownRuntime runtime, KnownRuntime.Capabilities capabilities, String libseccomp) {
  private static final String UNTOLD = "not reported";

  /// For people.
  public void table(PrintStream out) {
    out.println(
        Escape.line(
            "runtime "
                + runtime.version().name()
                + " "
                + runtime.version().version()
                + " (CRI "
                + runtime.version().api()
                + ")"));
    line(out, "facts", row());
    line(
        out,
        "default capabilities",
        String.join(" ", plain(capabilities.names())) + " (" + capabilities.source().words() + ")");
    line(out, "privileged containers", privileged());
    RecognisedRuntime<ContainerRuntimeFacts> known = runtime.facts();
    if (known != null) {
      line(out, "processes are made by", known.facts().processMadeBy().call());
      line(
          out,
          "checkpoint images",
          known.facts().restoresCheckpoints()
              ? "are restored, with the filters of the checkpoint, where the node has criu"
              : "run as other images");
    }
    handlers().forEach(handler -> line(out, "handler", handler));
    line(
        out,
        "libseccomp",
        UNTOLD
            + " by the runtime; "
            + (libseccomp.isEmpty() ? "none is installed here" : "installed here: " + libseccomp));
  }

  private static void line(PrintStream out, String what, String text) {
    out.println("  " + what + ": " + Escape.line(text));
  }

  private String row() {
    RecognisedRuntime<ContainerRuntimeFacts> known = runtime.facts();
    if (known == null) {
      return "this runtime is unknown; nothing is assumed that another one may not do";
    }
    return known.name()
        + " from "
        + known.from().text()
        + " on"
        + (known.doubt().isEmpty() ? "" : "; " + known.doubt());
  }

  private String privileged() {
    String profile = runtime.status().configuration().privilegedProfile();
    if (!profile.isEmpty()) {
      return "run under " + profile + " (privileged_seccomp_profile)";
    }
    RecognisedRuntime<ContainerRuntimeFacts> known = runtime.facts();
    boolean told = !runtime.status().configuration().equals(RuntimeConfiguration.UNTOLD);
    return known == null || (known.facts().mayFilterPrivileged() && !told)
        ? UNTOLD
        : "run without a filter";
  }

  private List<String> handlers() {
    RuntimeConfiguration configuration = runtime.status().configuration();
    List<String> lines = new ArrayList<>();
    for (String name : runtime.status().handlers()) {
      List<String> more = new ArrayList<>();
      RuntimeConfiguration.Handler handler = configuration.handlers().get(name);
      if (name.equals(configuration.defaultHandler())) {
        more.add("the default one");
      }
      if (handler != null && !handler.program().isEmpty()) {
        more.add(handler.program());
      }
      if (handler != null && !handler.defaultProfile().isEmpty()) {
        more.add("runtime/default is " + handler.defaultProfile());
      }
      if (handler != null && !handler.baseSpec().isEmpty()) {
        more.add("begins with " + handler.baseSpec());
      }
      lines.add(more.isEmpty() ? name : name + " (" + String.join("; ", more) + ")");
    }
    lines.sort(null);
    return lines;
  }

  private static List<String> plain(Set<String> names) {
    return new TreeSet<>(names).stream().map(name -> name.substring("CAP_".length())).toList();
  }

  /// One object.
  public Mapping json() {
    RuntimeConfiguration configuration = runtime.status().configuration();
    MappingBuilder json =
        new MappingBuilder()
            .put("name", runtime.version().name())
            .put("version", runtime.version().version())
            .put("api", runtime.version().api());
    RecognisedRuntime<ContainerRuntimeFacts> known = runtime.facts();
    if (known == null) {
      json.putNull("facts");
    } else {
      json.put(
          "facts",
          new MappingBuilder()
              .put("from", known.from().text())
              .put("known", known.doubt().isEmpty())
              .put("doubt", known.doubt())
              .put("processMadeBy", known.facts().processMadeBy().call())
              .put("restoresCheckpoints", known.facts().restoresCheckpoints())
              .build());
    }
    List<Value> handlers = new ArrayList<>();
    for (String name : new TreeSet<>(runtime.status().handlers())) {
      RuntimeConfiguration.Handler handler =
          configuration.handlers().getOrDefault(name, new RuntimeConfiguration.Handler("", "", ""));
      handlers.add(
          new MappingBuilder()
              .put("name", name)
              .put("default", name.equals(configuration.defaultHandler()))
              .put("program", handler.program())
              .put("defaultProfile", handler.defaultProfile())
              .put("baseSpec", handler.baseSpec())
              .build());
    }
    List<Value> names =
        new TreeSet<>(capabilities.names())
            .stream().<Value>map(name -> new Value.Text(Position.NONE, name)).toList();
    return json.put(
            "defaultCapabilities",
            new MappingBuilder()
                .put("names", names)
                .put("source", capabilities.source().words())
                .build())
        .put("privilegedProfile", configuration.privilegedProfile())
        .put("handlers", handlers)
        .put("libseccompInstalledHere", libseccomp)
        .build();
  }
}
