package dev.portcullis.cli.result;

import dev.portcullis.cli.input.ExposureSubject;
import dev.portcullis.cli.input.FilterOrigin;
import dev.portcullis.cli.input.SubjectFilter;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.profiles.exposure.Abilities;
import dev.portcullis.profiles.exposure.Ability;
import dev.portcullis.profiles.exposure.AbilityAnalysis;
import dev.portcullis.profiles.exposure.AbilityAnswer;
import dev.portcullis.report.ProfilePicture;
import dev.portcullis.report.ProfilePicture.AbilityWord;
import dev.portcullis.report.ProfilePicture.CallGroup;
import dev.portcullis.report.ProfilePicture.DefaultRelation;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Direction;
import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.syscall.SyscallGroup;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The profiles that containers run under, each looked at once.
final class ProfilePictures {
  /// As many as a page shows.
  private static final int MOST_COMPARED = 200;

  private static final String NOT_COMPARED =
      "not compared with the runtime's default: only the "
          + MOST_COMPARED
          + " profiles that most containers have are";

  private static final Comparator<Use> MOST_USED_FIRST =
      Comparator.comparingInt((Use each) -> Math.max(each.today, each.withPortcullis)).reversed();

  private final SubjectFilter runtimeDefault;
  private final Architecture architecture;
  private final SyscallTable table;
  private final SyscallGroups groups = SyscallGroups.load();
  private final List<Ability> abilities = Abilities.load();
  private final Map<Filters, Content> contents = new HashMap<>();
  private final Map<Key, Use> uses = new LinkedHashMap<>();

  /// @param runtimeDefault that others are held against
  ProfilePictures(SubjectFilter runtimeDefault, Architecture architecture, SyscallTable table) {
    this.runtimeDefault = runtimeDefault;
    this.architecture = architecture;
    this.table = table;
  }

  /// A profile by its name and what is known of its content.
  private record Key(String name, String content, String unknown) {}

  /// How many containers have it.
  private static final class Use {
    final SubjectFilter filter;
    int today;
    int withPortcullis;

    Use(SubjectFilter filter) {
      this.filter = filter;
    }
  }

  /// What a filter does with the calls of the machine's own architecture.
  sealed interface Force {
    /// All of them pass.
    record AllowsAll() implements Force {}

    /// Not all of them do.
    record DeniesSome() implements Force {}

    /// It cannot be decided.
    record Undecided(String why) implements Force {}
  }

  /// What was found out about filters alone.
  private record Content(Force force, List<CallGroup> groups, List<AbilityWord> abilities) {}

  /// What was found out beside the default.
  ///
  /// @param unknown why the relation is not known; empty where it is
  private record Held(DefaultRelation relation, String unknown, List<String> more) {
    static Held unknown(String why) {
      return new Held(DefaultRelation.UNKNOWN, why, List.of());
    }
  }

  /// Counts a container.
  ///
  /// @param today whether it runs so today, or with Portcullis
  void count(ExposureSubject subject, boolean today) {
    if (subject.profile().equals(ProfileName.UNCONFINED.text())) {
      return;
    }
    Key key =
        switch (subject.filter()) {
          case SubjectFilter.Unknown(String why) -> new Key(subject.profile(), "", why);
          case SubjectFilter.Known known ->
              new Key(subject.profile(), known.origin() == null ? "" : content(known.origin()), "");
        };
    Use use = uses.computeIfAbsent(key, _ -> new Use(subject.filter()));
    if (today) {
      use.today++;
    } else {
      use.withPortcullis++;
    }
  }

  /// What a filter does with calls.
  Force force(SubjectFilter filter) {
    return content(filter).force();
  }

  /// All that were counted, those that most containers have first.
  List<ProfilePicture> all() {
    List<ProfilePicture> pictures = new ArrayList<>();
    Map<Filters, Held> held = new HashMap<>();
    uses.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(MOST_USED_FIRST))
        .forEach(each -> {
          Key key = each.getKey();
          Use use = each.getValue();
          Content content = content(use.filter);
          Held beside =
              pictures.size() < MOST_COMPARED
                  ? beside(content, use.filter, held)
                  : Held.unknown(NOT_COMPARED);
          pictures.add(
              new ProfilePicture(
                  key.name(),
                  key.content(),
                  use.today,
                  use.withPortcullis,
                  beside.relation(),
                  beside.unknown(),
                  architecture.name().toLowerCase(Locale.ROOT),
                  content.groups(),
                  content.abilities(),
                  beside.more()));
        });
    return pictures;
  }

  /// What a reader of all of them has to know.
  static List<String> notes(List<ProfilePicture> all) {
    int more = all.size() - MOST_COMPARED;
    return more <= 0
        ? List.of()
        : List.of(
            Plural.of(more, "profile")
                + (more == 1 ? " was" : " were")
                + " not compared with the runtime's default: only the "
                + MOST_COMPARED
                + " that most containers have are");
  }

  /// The file or the built-in default, and the capabilities by which Docker's conditions came out
  /// otherwise than usual.
  private static String content(FilterOrigin origin) {
    StringBuilder text = new StringBuilder(origin.operand());
    if (!origin.source().isEmpty()) {
      text.append(" of ").append(origin.source());
    }
    Set<String> usual = FilterOptions.usualCapabilities();
    Set<String> more = new TreeSet<>(origin.capabilities());
    more.removeAll(usual);
    Set<String> fewer = new TreeSet<>(origin.capabilities().isEmpty() ? Set.of() : usual);
    fewer.removeAll(origin.capabilities());
    if (!more.isEmpty()) {
      text.append(", for a container with ").append(String.join(", ", more));
    }
    if (!fewer.isEmpty()) {
      text.append(", for a container without ").append(String.join(", ", fewer));
    }
    return text.toString();
  }

  private Content content(SubjectFilter filter) {
    return switch (filter) {
      case SubjectFilter.Unknown(String why) -> undecided(why);
      case SubjectFilter.Known known -> contents.computeIfAbsent(known.filters(), this::understood);
    };
  }

  private static Content undecided(String why) {
    return new Content(new Force.Undecided(why), List.of(), List.of());
  }

  private Content understood(Filters filters) {
    Analysis<Content> alone =
        FilterSemantics.ask(
            List.of(filters),
            meanings -> {
              FilterSemantics meaning = meanings.getFirst();
              List<AbilityAnswer> answers =
                  AbilityAnalysis.of(filters, meaning, abilities, List.of(architecture), table)
                      .getOrDefault(architecture, List.of());
              Effects.OfArchitecture here =
                  Effects.of(meaning, List.of(architecture), table).architectures().getFirst();
              return new Content(
                  here.effects().stream().allMatch(each -> each.verdict().kind().passes())
                      ? new Force.AllowsAll()
                      : new Force.DeniesSome(),
                  groups(here),
                  answers.stream()
                      .map(each -> new AbilityWord(each.ability().title(), each.outcome().id()))
                      .toList());
            });
    return switch (alone) {
      case Analysis.Undecided(String reason) -> undecided(reason);
      case Analysis.Understood(Content content) -> content;
    };
  }

  /// What a profile is to the default. Those with the same filter are compared once.
  private Held beside(Content content, SubjectFilter filter, Map<Filters, Held> held) {
    if (content.force() instanceof Force.Undecided(String why)) {
      return Held.unknown(why);
    }
    if (!(filter instanceof SubjectFilter.Known known)) {
      throw new IllegalStateException("only a known filter is understood");
    }
    if (!(runtimeDefault instanceof SubjectFilter.Known base)) {
      return Held.unknown("the runtime's default is not known");
    }
    if (known.filters().equals(base.filters())) {
      return new Held(DefaultRelation.EQUAL, "", List.of());
    }
    if (!isFilterAlone(known) || !isFilterAlone(base)) {
      return Held.unknown(
          "it has a listener or flags, which decide beside its filter; portcullis profile compare"
              + " shows them");
    }
    return held.computeIfAbsent(known.filters(), filters -> compared(filters, base.filters()));
  }

  private Held compared(Filters filters, Filters base) {
    return switch (Comparison.of(filters, base, table)) {
      case Analysis.Undecided(String reason) -> Held.unknown(reason);
      case Analysis.Understood(Comparison compared) ->
          new Held(
              switch (compared.relation()) {
                case EQUAL -> DefaultRelation.EQUAL;
                case STRICTER -> DefaultRelation.STRICTER;
                case WEAKER -> DefaultRelation.WEAKER;
                case INCOMPARABLE -> DefaultRelation.INCOMPARABLE;
              },
              "",
              more(compared));
    };
  }

  private static boolean isFilterAlone(SubjectFilter.Known filter) {
    FilterOrigin origin = filter.origin();
    return origin != null
        && origin.profile().listener().equals(Listener.NONE)
        && origin.profile().flags().isEmpty();
  }

  private List<String> more(Comparison compared) {
    String here = architecture.name().toLowerCase(Locale.ROOT);
    Set<String> names = new TreeSet<>();
    compared.differences().stream()
        .filter(each -> each.direction() == Direction.WEAKER)
        .filter(each -> each.first().kind().passes() && !each.second().kind().passes())
        .filter(each -> each.where().contains(here))
        .forEach(each -> names.addAll(each.names()));
    return List.copyOf(names);
  }

  /// The names of a group, by what becomes of the calls.
  private record Names(
      List<String> allowed, List<String> byArguments, List<String> asked, List<String> denied) {
    Names() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void add(String name, List<Effect> effects) {
      List<Kind> kinds = effects.stream().map(each -> each.verdict().kind()).distinct().toList();
      if (kinds.stream().allMatch(Kind::passes)) {
        allowed.add(name);
      } else if (kinds.stream().anyMatch(Kind::passes)) {
        byArguments.add(name);
      } else {
        (kinds.stream().anyMatch(Kind::asks) ? asked : denied).add(name);
      }
    }
  }

  private List<CallGroup> groups(Effects.OfArchitecture of) {
    Map<String, Names> byGroup = new HashMap<>();
    of.byName()
        .forEach((name, effects) ->
            byGroup.computeIfAbsent(groups.of(name).name(), _ -> new Names()).add(name, effects));
    List<CallGroup> found = new ArrayList<>();
    for (SyscallGroup group : groups.all()) {
      Names names = byGroup.get(group.name());
      if (names != null) {
        found.add(
            new CallGroup(
                group.name(),
                group.title(),
                names.allowed(),
                names.byArguments(),
                names.asked(),
                names.denied()));
      }
    }
    return found;
  }
}
