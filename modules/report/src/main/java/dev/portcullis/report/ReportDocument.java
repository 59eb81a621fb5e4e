package dev.portcullis.report;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.report.Confinement.State;
import dev.portcullis.report.ProfilePicture.CallGroup;
import dev.portcullis.report.SeccompReport.Basis;
import java.util.List;

/// A report for programs: one document, with all that there is.
public final class ReportDocument {
  private ReportDocument() {}

  /// The document.
  public static Mapping of(SeccompReport report) {
    return new MappingBuilder()
        .put("basis", basis(report.basis()))
        .put(
            "summary",
            new MappingBuilder()
                .put("today", counts(report.today()))
                .put("withPortcullis", counts(report.withPortcullis()))
                .build())
        .put("priorities", Priorities.of(report).stream().map(ReportDocument::priority).toList())
        .put("workloads", report.workloads().stream().map(ReportDocument::workload).toList())
        .put("profiles", report.profiles().stream().map(ReportDocument::profile).toList())
        .put("exposure", report.exposure().stream().map(ReportDocument::exposure).toList())
        .put("refusedCalls", refused(report.refused()))
        .put("access", access(report.access()))
        .put("notes", texts(report.notes()))
        .put(
            "errors",
            report.errors().stream()
                .map(each -> new MappingBuilder().put("message", each).build())
                .toList())
        .build();
  }

  private static Mapping basis(Basis basis) {
    return new MappingBuilder()
        .put("subject", basis.subject())
        .put("cluster", basis.cluster())
        .put("today", basis.kubernetes())
        .put("runtimeDefault", basis.runtimeDefault())
        .put("policies", basis.policies())
        .put("requester", basis.requester())
        .put("made", basis.made())
        .put("version", basis.version())
        .build();
  }

  private static Mapping counts(StateCounts counts) {
    MappingBuilder object = new MappingBuilder();
    for (State state : State.values()) {
      object.put(state.id(), counts.of(state));
    }
    return object.build();
  }

  private static Mapping priority(Priority priority) {
    return new MappingBuilder()
        .put("id", priority.id())
        .put("urgency", priority.urgency().id())
        .put("title", priority.title())
        .put("advice", priority.advice())
        .put("command", priority.command())
        .build();
  }

  private static Mapping workload(Workload workload) {
    return new MappingBuilder()
        .put("namespace", workload.namespace())
        .put("apiVersion", workload.apiVersion())
        .put("kind", workload.kind())
        .put("names", texts(workload.names()))
        .put("pods", workload.pods())
        .put("place", workload.place())
        .put("refusals", texts(workload.refusals()))
        .put("containers", workload.containers().stream().map(ReportDocument::container).toList())
        .build();
  }

  private static Mapping container(WorkloadContainer container) {
    return new MappingBuilder()
        .put("name", container.name())
        .put("today", confinement(container.today()))
        .put("withPortcullis", confinement(container.withPortcullis()))
        .put("reaches", texts(container.reached()))
        .put("undecided", texts(container.undecided()))
        .build();
  }

  private static Mapping confinement(Confinement confinement) {
    return new MappingBuilder()
        .put("state", confinement.state().id())
        .put("profile", confinement.profile())
        .put("reason", confinement.reason())
        .put("words", confinement.words())
        .build();
  }

  private static Mapping profile(ProfilePicture profile) {
    return new MappingBuilder()
        .put("name", profile.name())
        .put("content", profile.content())
        .put("containersToday", profile.today())
        .put("containersWithPortcullis", profile.withPortcullis())
        .put("relation", profile.relation().id())
        .put("unknown", profile.unknown())
        .put("architecture", profile.architecture())
        .put("groups", profile.groups().stream().map(ReportDocument::group).toList())
        .put(
            "abilities",
            profile.abilities().stream()
                .map(each ->
                    new MappingBuilder()
                        .put("title", each.title())
                        .put("outcome", each.outcome())
                        .build())
                .toList())
        .put("moreThanDefault", texts(profile.more()))
        .build();
  }

  private static Mapping group(CallGroup group) {
    return new MappingBuilder()
        .put("name", group.name())
        .put("allowed", texts(group.allowed()))
        .put("byArguments", texts(group.byArguments()))
        .put("asked", texts(group.asked()))
        .put("denied", texts(group.denied()))
        .build();
  }

  private static Mapping exposure(Exposure exposure) {
    return new MappingBuilder()
        .put("id", exposure.id())
        .put("title", exposure.title())
        .put("date", exposure.date())
        .put("call", exposure.call())
        .put("today", tally(exposure.today()))
        .put("withPortcullis", tally(exposure.withPortcullis()))
        .build();
  }

  private static Mapping tally(Exposure.Tally tally) {
    return new MappingBuilder()
        .put("reachable", tally.reachable())
        .put("closedInPart", tally.inPart())
        .put("undecided", tally.unknown())
        .put("closed", tally.closed())
        .build();
  }

  private static Mapping refused(RefusalAccount refused) {
    return new MappingBuilder()
        .put("known", refused.known())
        .put("containers", refused.containers().stream().map(ReportDocument::container).toList())
        .put(
            "elsewhere",
            new MappingBuilder()
                .put("count", refused.elsewhere().calls())
                .put("places", texts(refused.elsewhere().places()))
                .build())
        .put("missing", refused.missing())
        .build();
  }

  private static Mapping container(RefusalAccount.OfContainer container) {
    return new MappingBuilder()
        .put("namespace", container.workload().namespace())
        .put("kind", container.workload().kind())
        .put("workload", container.workload().label())
        .put("name", container.container().name())
        .put("pods", container.pods())
        .put("profiles", texts(container.profiles()))
        .put("refused", container.refused())
        .put("logged", container.logged())
        .put("calls", container.calls().stream().map(ReportDocument::call).toList())
        .put("command", container.command())
        .put("remark", container.remark())
        .build();
  }

  private static Mapping call(RefusalAccount.Call call) {
    MappingBuilder object =
        new MappingBuilder()
            .put("syscall", call.name())
            .put("architecture", call.architecture())
            .put("answer", call.answer())
            .put("logged", call.logged())
            .put("count", call.count());
    RefusalAccount.Span span = call.span();
    if (span != null) {
      object.put("firstSeen", span.first().text()).put("lastSeen", span.last().text());
    }
    return object.build();
  }

  private static Mapping access(Access access) {
    return new MappingBuilder()
        .put("known", access.known())
        .put("profiles", texts(access.profiles()))
        .put("subjects", access.rows().stream().map(ReportDocument::row).toList())
        .put("notes", texts(access.notes()))
        .build();
  }

  private static Mapping row(Access.Row row) {
    return new MappingBuilder()
        .put("name", row.subject())
        .put(
            "uses",
            row.cells().stream()
                .map(cell ->
                    new MappingBuilder()
                        .put("byName", where(cell.byName()))
                        .put("ifProven", where(cell.ifProven()))
                        .build())
                .toList())
        .build();
  }

  private static Mapping where(Access.Where where) {
    return new MappingBuilder()
        .put("everywhere", where.everywhere())
        .put("namespaces", texts(where.namespaces()))
        .build();
  }

  private static List<Value> texts(List<String> texts) {
    return texts.stream().<Value>map(text -> new Value.Text(Position.NONE, text)).toList();
  }
}
