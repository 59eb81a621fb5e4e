package dev.portcullis.cli.result;

import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.print.Wrap;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Remedy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What would help pods that are refused.
public final class RemedyLines {
  private static final String HELP = "help:";

  private RemedyLines() {}

  /// A line for each, with the pods that it would help. Where the terminal ends, a command goes on
  /// as a shell takes it.
  public static void print(List<JudgedPod> pods, Terminal terminal) {
    Map<Remedy, List<String>> helped = new LinkedHashMap<>();
    for (JudgedPod pod : pods) {
      for (Remedy remedy : pod.judgement().remedies()) {
        helped
            .computeIfAbsent(remedy, _ -> new ArrayList<>())
            .add(PodReport.label(pod.judgement()));
      }
    }
    helped.forEach((remedy, labels) -> {
      String others = labels.size() == 1 ? "" : " and " + (labels.size() - 1) + " more";
      String who = labels.getFirst() + others + ": ";
      String text = remedy.text(terminal.program());
      String shell = remedy.shell(terminal.program());
      Paragraph lines = Paragraph.on(terminal);
      if (shell.isEmpty() || HELP.length() + who.length() + text.length() < terminal.limit()) {
        lines.say(Paint.GOOD, HELP, who + text);
      } else {
        lines.say(
            Paint.GOOD, HELP, who + text.substring(0, text.length() - shell.length()).strip());
        terminal
            .out()
            .println("  " + Wrap.command(Escape.line(shell), terminal.limit(), "    ".length()));
      }
    });
  }

  static Mapping json(Remedy remedy) {
    MappingBuilder json = new MappingBuilder();
    switch (remedy) {
      case Remedy.UseAllowed(var profile) ->
          json.put("kind", "use-allowed").put("profile", profile.text());
      case Remedy.DropPrivileged(List<String> containers) ->
          json.put("kind", "drop-privileged").put("containers", texts(containers));
      case Remedy.GrantPolicy(var grant) ->
          json.put("kind", "grant-policy").put("policy", grant.policy());
      case Remedy.CreatePolicy(var policy, _, _) ->
          json.put("kind", "create-policy")
              .put("policy", policy.name())
              .put("profiles", texts(policy.allowed()));
    }
    return json.put(
            "commands",
            remedy.commands().stream()
                .map(words -> new Sequence(Position.NONE, texts(words)))
                .toList())
        .build();
  }

  private static List<Value> texts(List<String> texts) {
    return texts.stream().<Value>map(text -> new Value.Text(Position.NONE, text)).toList();
  }
}
