package dev.portcullis.report;

import dev.portcullis.documents.VisibleText;
import dev.portcullis.report.Confinement.State;
import dev.portcullis.report.SeccompReport.Basis;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A report as Markdown, for a merge request or a wiki. What comes from outside stands in code
/// spans: there it can be no link, no markup and no name of a person.
public final class MarkdownText {
  private static final int MOST_ROWS = 50;
  private static final int LONGEST = 400;
  private static final int LONGEST_COMMAND = 1_200;

  private final SeccompReport report;
  private final StringBuilder out = new StringBuilder();

  private MarkdownText(SeccompReport report) {
    this.report = report;
  }

  /// The text.
  public static String of(SeccompReport report) {
    MarkdownText made = new MarkdownText(report);
    made.summary();
    made.priorities();
    made.namespaces();
    made.refusedCalls();
    made.profiles();
    made.exposure();
    made.access();
    made.basis();
    return made.out.toString();
  }

  private void line(String line) {
    out.append(line).append('\n');
  }

  private void heading(String heading) {
    line("");
    line("## " + heading);
    line("");
  }

  private void row(String... cells) {
    line("| " + String.join(" | ", cells) + " |");
  }

  /// A table's head.
  private void head(String... cells) {
    row(cells);
    line("|" + " --- |".repeat(cells.length));
  }

  private void rest(int all) {
    if (all > MOST_ROWS) {
      line("");
      line("and " + Words.number(all - MOST_ROWS) + " more");
    }
  }

  /// Text from outside, on one line.
  static String code(String text) {
    String shown =
        VisibleText.line(Words.shortened(text)).replace("`", "\\x60").replace("|", "\\x7c");
    return shown.isEmpty() ? "" : "`" + shown + "`";
  }

  private void summary() {
    Basis basis = report.basis();
    StateCounts today = report.today();
    StateCounts with = report.withPortcullis();
    line("# Seccomp report");
    line("");
    line(
        (basis.cluster() ? "What runs in " : "What is in ")
            + code(basis.subject())
            + ", as "
            + basis.kubernetes()
            + " runs it, and as Portcullis would.");
    line("");
    line(
        "**"
            + Words.number(today.of(State.UNCONFINED))
            + " of "
            + Words.number(today.running())
            + Words.verb(today.running(), " container that runs has", " containers that run have")
            + " no filter today; with Portcullis "
            + Words.number(with.of(State.UNCONFINED))
            + " of "
            + Words.number(with.running())
            + ".**");
    line("");
    head("containers", "today", "with Portcullis");
    for (State state : State.values()) {
      if (today.of(state) > 0 || with.of(state) > 0) {
        row(state.title(), Words.number(today.of(state)), Words.number(with.of(state)));
      }
    }
  }

  private void priorities() {
    heading("What to do first");
    List<Priority> priorities = Priorities.of(report);
    if (priorities.isEmpty()) {
      line("Nothing needs to be done.");
    }
    int number = 1;
    for (Priority each : priorities) {
      // Titles have names from outside in them.
      line(number++ + ". **" + each.urgency().title() + ".** " + plain(each.title()) + ".");
      line("   " + plain(each.advice()));
      if (!each.command().isEmpty()) {
        line("   " + command(each.command()));
      }
    }
  }

  private static String command(String command) {
    return "`"
        + VisibleText.line(Words.shortened(command, LONGEST_COMMAND)).replace("`", "\\x60")
        + "`";
  }

  /// Text of ours in which something from outside may stand. Nothing in it is a link, or calls a
  /// person.
  static String plain(String text) {
    return VisibleText.line(Words.shortened(text, LONGEST))
        .replace("@", "(at)")
        .replaceAll("[\\\\`*_{}\\[\\]<>()#!|~&$%^]|:(?=\\S)", "\\\\$0")
        .replaceAll("(?i)(www)\\.", "$1\\\\.");
  }

  private void namespaces() {
    heading("Namespaces");
    List<NamespaceCounts> all = NamespaceCounts.worstFirst(report);
    head("namespace", "containers", "no filter today", "with Portcullis", "unknown");
    for (NamespaceCounts each : all.subList(0, Math.min(MOST_ROWS, all.size()))) {
      row(
          code(each.name()),
          Words.number(each.today().all()),
          Words.number(each.today().of(State.UNCONFINED)),
          Words.number(each.withPortcullis().of(State.UNCONFINED)),
          Words.number(each.today().of(State.UNKNOWN)));
    }
    rest(all.size());
  }

  private void refusedCalls() {
    RefusalAccount refused = report.refused();
    if (!refused.known()) {
      return;
    }
    heading("Refused calls");
    List<RefusalAccount.OfContainer> all = refused.containers();
    if (all.isEmpty()) {
      line("Nothing was refused to the containers of this report, as far as the nodes know.");
    } else {
      head(
          "workload",
          "container",
          "profile",
          "call",
          "answer",
          "times",
          "first",
          "last",
          "to allow");
      int rows = 0;
      int calls = all.stream().mapToInt(each -> each.calls().size()).sum();
      for (RefusalAccount.OfContainer each : all) {
        for (RefusalAccount.Call call : each.calls()) {
          if (rows++ < MOST_ROWS) {
            refusedCall(each, call, call.equals(each.calls().getFirst()));
          }
        }
      }
      rest(calls);
    }
    for (String note : RefusedCallSection.notes(refused)) {
      line("");
      line(plain(note));
    }
  }

  /// The command stands beside the first of its calls.
  private void refusedCall(
      RefusalAccount.OfContainer each, RefusalAccount.Call call, boolean first) {
    RefusalAccount.Span span = call.span();
    row(
        code(each.workload().namespace() + "/" + each.workload().label()),
        code(each.container().name()),
        Words.list(each.profiles().stream().map(MarkdownText::code).toList(), 2),
        code(call.label()),
        call.logged() ? "made, and logged" : code(call.answer()),
        Words.number(call.count()),
        span == null ? "" : code(span.first().text()),
        span == null ? "" : code(span.last().text()),
        first && !each.command().isEmpty() ? command(each.command()).replace("|", "\\x7c") : "");
  }

  private void profiles() {
    if (report.profiles().isEmpty()) {
      return;
    }
    heading("Profiles");
    head("profile", "content", "containers today", "with Portcullis", "relation");
    report.profiles().stream()
        .sorted(Comparator.comparingInt(ProfilePicture::withPortcullis).reversed())
        .limit(MOST_ROWS)
        .forEach(each ->
            row(
                code(each.name()),
                code(each.content()),
                Words.number(each.today()),
                Words.number(each.withPortcullis()),
                each.relation().words()));
    rest(report.profiles().size());
  }

  private void exposure() {
    heading("Exposure");
    line("Containers that may make the calls that lead to a vulnerability of the kernel.");
    line("");
    head("vulnerability", "name", "containers today", "with Portcullis");
    for (Exposure each : report.exposure()) {
      row(
          code(each.id()),
          code(each.title()),
          StateBar.of(each.today()).words(),
          StateBar.of(each.withPortcullis()).words());
    }
  }

  private void access() {
    heading("Who may use what");
    Access access = report.access();
    if (!access.known()) {
      line("Not known: no policies were given.");
      return;
    }
    access.notes().forEach(note -> line(plain(note)));
    if (access.rows().isEmpty()) {
      return;
    }
    line("");
    head("who", "profiles");
    for (Access.Row each : access.rows().subList(0, Math.min(MOST_ROWS, access.rows().size()))) {
      List<String> uses = new ArrayList<>();
      for (int i = 0; i < each.cells().size(); i++) {
        Access.Cell cell = each.cells().get(i);
        if (!cell.none()) {
          uses.add(
              code(access.profiles().get(i))
                  + (cell.byName().everywhere() ? "" : " " + cell.words(MarkdownText::namespaces)));
        }
      }
      row(code(each.subject()), Words.list(uses, 12));
    }
    rest(access.rows().size());
  }

  private static String namespaces(List<String> names) {
    return Words.list(names.stream().map(MarkdownText::code).toList(), 3);
  }

  private void basis() {
    Basis basis = report.basis();
    heading("How this was made");
    line("* Made " + basis.made() + " by Portcullis " + basis.version() + ".");
    line("* Today: " + basis.kubernetes() + " without Portcullis.");
    line(
        "* runtime/default: "
            + (basis.runtimeDefault().isEmpty()
                ? "not known"
                : "taken to be " + code(basis.runtimeDefault()))
            + ".");
    line(
        "* Policies: "
            + (basis.policies().isEmpty() ? "none were given" : code(basis.policies()))
            + ".");
    line("* Who creates the pods: " + plain(basis.requester()) + ".");
    line("* Not looked at: the kernel of the nodes and its modules, sysctls, AppArmor, SELinux.");
    list("* ", report.notes());
    list("* Not read: ", report.errors());
  }

  private void list(String label, List<String> texts) {
    texts.stream().limit(MOST_ROWS).forEach(text -> line(label + plain(text)));
    if (texts.size() > MOST_ROWS) {
      line(label + Words.number(texts.size() - MOST_ROWS) + " more");
    }
  }
}
