package dev.portcullis.pods.fix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.Manifests;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.resolve.ProfileResolver;
import dev.portcullis.pods.resolve.RequestedProfile;
import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What `fix` promises, over manifests that are made at random. `-Dportcullis.fix=100000` tries
/// more of them, `-Dportcullis.seed=7` others. That the parts of the promise are looked at without
/// the proof of the code itself is on purpose.
class FixPropertiesTest {
  private static final int MANIFESTS = Integer.getInteger("portcullis.fix", 300);
  private static final long SEED = Long.getLong("portcullis.seed", 20_261_129);
  private static final Pattern COMMENT = Pattern.compile("# (comment|behind) \\d+");
  private static final StockKubernetes NEWEST = new StockKubernetes(StockKubernetes.NEWEST, false);

  private int changed;
  private int removed;

  @Test
  void allThatIsPromised() {
    Random random = new Random(SEED);
    for (int i = 0; i < MANIFESTS; i++) {
      String before = RandomManifest.make(random);
      FixRules rules =
          new FixRules(
              random.nextInt(3) == 0 ? new ProfileName.Localhost("default.json") : null,
              random.nextBoolean());
      try {
        promised(before, rules);
      } catch (AssertionError failed) {
        throw new AssertionError("manifest " + i + ", " + rules + ":\n" + before, failed);
      }
    }
    // It must not be that nothing was to be done.
    assertThat(changed).isGreaterThan(MANIFESTS / 2);
    assertThat(removed).isGreaterThan(MANIFESTS / 5);
  }

  private void promised(String before, FixRules rules) {
    FixOutcome.Edited edited = fix(before, rules);
    assertThat(edited.obstacles()).isEmpty();
    String after = edited.after();
    changed += edited.changed() ? 1 : 0;
    removed += edited.changed() && rules.removeAnnotations() ? 1 : 0;
    List<Pod> old = pods(before);
    List<Pod> now = pods(after);
    for (int i = 0; i < old.size(); i++) {
      sameProfiles(old.get(i), now.get(i), rules);
      assertThat(now.get(i).errors()).isEmpty();
      assertThat(NEWEST.ignoredAnnotations(now.get(i))).isEmpty();
      assertThat(now.get(i).annotations().keySet())
          .isEqualTo(
              rules.removeAnnotations() ? java.util.Set.of() : old.get(i).annotations().keySet());
    }
    assertThat(withoutSeccomp(after)).isEqualTo(withoutSeccomp(before));
    assertThat(comments(after)).isEqualTo(comments(before));
    assertThat(after.endsWith("\n")).isEqualTo(before.endsWith("\n"));
    assertThat(after.contains("\r\n")).isEqualTo(before.contains("\r\n"));
    assertThat(after.replace("\r\n", "").contains("\n"))
        .isEqualTo(before.replace("\r\n", "").contains("\n"));
    assertThat(fix(after, rules).changed()).isFalse();
    if (!rules.removeAnnotations()) {
      linesStay(before, after);
    }
  }

  /// A change without removals adds lines; a line that itself changes only grows, or its empty
  /// security context goes.
  private static void linesStay(String before, String after) {
    int from = 0;
    for (String line : before.lines().toList()) {
      String start =
          line.replaceFirst("(securityContext:) ?(\\{}|null)?(?=$|\\s)", "$1")
              .replaceFirst("(securityContext: )?\\{?}*(\\s*#.*)?$", "");
      int found = after.indexOf(start, from);
      assertThat(found).as("the line %s after offset %s of%n%s", line, from, after).isNotNegative();
      from = found + start.length();
    }
  }

  private static void sameProfiles(Pod before, Pod after, FixRules rules) {
    List<@Nullable ProfileName> old = profiles(before);
    if (rules.defaultProfile() != null) {
      old.replaceAll(name -> name == null ? rules.defaultProfile() : name);
    }
    assertThat(profiles(after)).isEqualTo(old);
  }

  private static List<@Nullable ProfileName> profiles(Pod pod) {
    List<@Nullable ProfileName> names = new ArrayList<>();
    pod.spec()
        .containers()
        .forEach(container ->
            names.add(
                switch (ProfileResolver.requested(pod, container)) {
                  case RequestedProfile.Named(_, _, ProfileText.Named(ProfileName name)) -> name;
                  case RequestedProfile.Named named -> throw new AssertionError(named);
                  case RequestedProfile.Unnamed _ -> null;
                }));
    return names;
  }

  private static List<Pod> pods(String text) {
    return Manifests.objects(text).stream()
        .flatMap(object -> ObjectPlan.pods(object).stream())
        .toList();
  }

  private static List<String> comments(String text) {
    return COMMENT.matcher(text).results().map(MatchResult::group).toList();
  }

  /// The tree without what may change, and without what holds nothing then.
  private static List<String> withoutSeccomp(String text) {
    return switch (Documents.read(text.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Documents(List<Value> values) ->
          values.stream().map(value -> JsonWriter.compact(without(value))).toList();
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed);
    };
  }

  private static Value without(Value value) {
    return switch (value) {
      case Mapping mapping -> {
        MappingBuilder rest = new MappingBuilder();
        mapping.entries().entrySet().stream()
            .sorted(java.util.Map.Entry.comparingByKey())
            .forEach(entry -> {
              String key = entry.getKey();
              Value inner = without(entry.getValue().value());
              boolean empty =
                  inner instanceof Value.Null
                      || (inner instanceof Mapping object && object.entries().isEmpty());
              boolean may = List.of("securityContext", "annotations", "metadata").contains(key);
              if (!key.equals("seccompProfile")
                  && !key.contains("seccomp.security")
                  && !(may && empty)) {
                rest.put(key, inner);
              }
            });
        yield rest.build();
      }
      case Sequence sequence ->
          new Sequence(
              sequence.at(), sequence.items().stream().map(FixPropertiesTest::without).toList());
      case Value.Text _, Value.Numeral _, Value.Truth _, Value.Null _ -> value;
    };
  }

  private static FixOutcome.Edited fix(String text, FixRules rules) {
    return switch (ManifestFix.of(text.getBytes(UTF_8), rules)) {
      case FixOutcome.Edited edited -> edited;
      case FixOutcome.Unreadable unreadable -> throw new AssertionError(unreadable);
    };
  }
}
