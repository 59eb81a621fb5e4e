package dev.portcullis.report;

import dev.portcullis.report.Confinement.State;
import dev.portcullis.report.Exposure.Tally;
import dev.portcullis.report.ProfilePicture.AbilityWord;
import dev.portcullis.report.ProfilePicture.CallGroup;
import dev.portcullis.report.ProfilePicture.DefaultRelation;
import dev.portcullis.report.SeccompReport.Basis;
import dev.portcullis.report.SeccompReport.Commands;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reports for tests.
final class SampleReports {
  static final Confinement NO_FILTER =
      new Confinement(State.UNCONFINED, "unconfined", "no-profile", "nothing names a profile");
  static final Confinement DEFAULT =
      new Confinement(State.DEFAULT, "runtime/default", "policy-default", "default of a policy");

  private SampleReports() {}

  static Basis basis(String subject) {
    return new Basis(
        subject,
        false,
        "Kubernetes 1.36",
        "containerd/default@2.3.0",
        "",
        "nobody",
        "2026-11-29T20:30:00Z",
        "0.1.0",
        new Commands("shop", "shop", "shop", ""));
  }

  /// One that has the same text wherever it may come from outside.
  private static Basis hostile(String text) {
    return new Basis(
        text,
        false,
        "Kubernetes 1.36",
        text,
        text,
        text,
        "2026-11-29T20:30:00Z",
        "0.1.0",
        new Commands(text, text, text, text));
  }

  static Exposure exposure(String id) {
    return new Exposure(
        id, "a fault", "2026-01-01", "", "", new Tally(1, 0, 1, 0), new Tally(0, 0, 0, 2));
  }

  static RefusalAccount.Span span(long first, long last) {
    return new RefusalAccount.Span(moment(first), moment(last));
  }

  private static RefusalAccount.Moment moment(long second) {
    return new RefusalAccount.Moment(
        second * 1000, "2026-11-30T20:%02d:%02dZ".formatted(second / 60, second % 60));
  }

  static RefusalAccount.Call call(String name, long count, RefusalAccount.@Nullable Span span) {
    return new RefusalAccount.Call(name, "x86_64", false, "EPERM", false, count, span);
  }

  /// To the first container of a workload.
  static RefusalAccount.OfContainer refused(Workload workload, RefusalAccount.Call... calls) {
    return new RefusalAccount.OfContainer(
        workload,
        workload.containers().getFirst(),
        1,
        List.of(calls),
        "portcullis profile heal " + workload.label(),
        "");
  }

  /// One in which every text from outside is this one.
  static SeccompReport of(String text) {
    Workload workload = hostileWorkload(text);
    return new SeccompReport(
        hostile(text),
        List.of(workload),
        List.of(
            new ProfilePicture(
                text,
                text,
                2,
                0,
                DefaultRelation.WEAKER,
                text,
                "x86_64",
                List.of(
                    new CallGroup(
                        "files", "to open", List.of(text), List.of(text), List.of(), List.of())),
                List.of(new AbilityWord(text, "allowed")),
                List.of(text))),
        new Access(
            true,
            List.of(text),
            List.of(
                new Access.Row(
                    text,
                    List.of(
                        new Access.Cell(
                            new Access.Where(false, List.of(text)),
                            new Access.Where(false, List.of(text)))))),
            List.of(text)),
        List.of(
            new Exposure(
                text, text, text, text, text, new Tally(2, 0, 0, 0), new Tally(0, 0, 0, 0))),
        new RefusalAccount(
            true,
            List.of(
                new RefusalAccount.OfContainer(
                    workload,
                    workload.containers().getFirst(),
                    2,
                    List.of(
                        new RefusalAccount.Call(text, text, true, text, false, 5, span(1, 60)),
                        call(text, 1, span(5, 5))),
                    text,
                    text)),
            new RefusalAccount.Elsewhere(7, List.of(text)),
            1),
        List.of(text),
        List.of(text));
  }

  private static Workload hostileWorkload(String text) {
    return new Workload(
        text,
        "v1",
        text,
        List.of(text, text),
        2,
        text,
        List.of(text),
        List.of(
            new WorkloadContainer(
                text,
                new Confinement(State.OWN, text, text, text),
                new Confinement(State.NOT_RUN, "", text, text),
                List.of(text),
                List.of(text)),
            new WorkloadContainer(text, NO_FILTER, NO_FILTER, List.of(text), List.of())));
  }

  /// One of so many workloads, each in a state of its own.
  static SeccompReport many(int workloads) {
    List<Workload> all = new ArrayList<>();
    for (int i = 0; i < workloads; i++) {
      all.add(
          new Workload(
              "team-" + i % 300,
              "apps/v1",
              "Deployment",
              List.of("web-" + i),
              1,
              "shop.yaml:" + i,
              List.of(),
              List.of(
                  new WorkloadContainer(
                      "app", i % 3 == 0 ? NO_FILTER : DEFAULT, DEFAULT, List.of(), List.of()))));
    }
    return new SeccompReport(
        basis("shop"), all, List.of(), Access.UNKNOWN, List.of(), List.of(), List.of());
  }
}
