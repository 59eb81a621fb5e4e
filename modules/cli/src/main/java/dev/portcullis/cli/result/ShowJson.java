package dev.portcullis.cli.result;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.effect.ConditionText;
import dev.portcullis.seccomp.effect.Cost;
import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallGroup;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a filter does, for programs: one document.
///
/// @param name as it was named on the command line
/// @param filters how many there are
record ShowJson(
    String name,
    int filters,
    AbilityAnswers answers,
    Effects effects,
    Cost cost,
    SyscallGroups groups) {
  Mapping document() {
    return new MappingBuilder()
        .put("profile", name)
        .put("filters", filters)
        .put("architectures", effects.architectures().stream().map(this::architecture).toList())
        .put("otherArchitectures", effects.elsewhere().stream().map(ShowJson::verdict).toList())
        .put(
            "cost",
            new MappingBuilder()
                .put("instructions", cost.instructions())
                .put("longestPath", cost.longest())
                .put("architectures", cost.architectures().stream().map(ShowJson::cost).toList())
                .build())
        .build();
  }

  private Mapping architecture(Effects.OfArchitecture of) {
    List<Mapping> calls = new ArrayList<>();
    for (SyscallGroup group : groups.all()) {
      for (Effect effect : of.effects()) {
        List<String> names =
            effect.names().stream().filter(each -> groups.of(each).equals(group)).toList();
        if (!names.isEmpty()) {
          calls.add(
              verdict(effect.verdict(), new MappingBuilder().put("group", group.name()))
                  .put("syscalls", names.stream().map(ShowJson::text).toList())
                  .put("condition", ConditionText.of(effect.condition(), names))
                  .put("registers", ConditionText.ofRegisters(effect.condition(), names))
                  .build());
        }
      }
    }
    List<Mapping> others =
        of.effects().stream()
            .filter(effect -> !effect.others().isEmpty())
            .map(effect ->
                verdict(effect.verdict(), new MappingBuilder())
                    .put("numbers", effect.others())
                    .put("condition", ConditionText.of(effect.condition(), List.of()))
                    .build())
            .toList();
    return new MappingBuilder()
        .put("architecture", name(of.architecture()))
        .put("calls", calls)
        .put("otherNumbers", others)
        .put("abilities", answers.json(of.architecture()))
        .build();
  }

  private static Mapping cost(Cost.OfArchitecture cost) {
    return new MappingBuilder()
        .put("architecture", name(cost.architecture()))
        .put("typicalPath", cost.typical())
        .put("allowed", cost.allowed())
        .put("allowedWithoutRunning", cost.constant())
        .build();
  }

  private static Mapping verdict(Verdict verdict) {
    return verdict(verdict, new MappingBuilder()).build();
  }

  private static MappingBuilder verdict(Verdict verdict, MappingBuilder object) {
    object.put("action", verdict.kind().toString());
    return verdict.kind().hasData() ? object.put("data", verdict.data()) : object;
  }

  private static String name(Architecture architecture) {
    return architecture.name().toLowerCase(Locale.ROOT);
  }

  private static Value text(String text) {
    return new Value.Text(Position.NONE, text);
  }
}
