package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Findings for people. Of equal ones, which a thousand pods of one template have, one is printed,
/// with their number and the first of their places.
final class EqualFindings {
  /// Places of one finding.
  private static final int MOST = 3;

  private final Map<Text, Set<Place>> places = new LinkedHashMap<>();

  /// What is reported, but for the place.
  ///
  /// @param several who, where it is about several: `a container `. May be empty
  /// @param what on one line
  /// @param id the stable name of its kind
  /// @param details each with a label
  record Text(String several, String what, String id, List<Detail> details) {
    Text {
      details = List.copyOf(details);
    }
  }

  record Detail(String label, String text) {}

  /// Where it is.
  ///
  /// @param at file and line
  /// @param object a pod
  /// @param part what of it; begins the text of a finding that occurs once. May be empty. The same
  ///   place counts once
  record Place(String at, String object, String part) {}

  void add(Text text, Place place) {
    places.computeIfAbsent(text, _ -> new LinkedHashSet<>()).add(place);
  }

  /// @param word for each, such as `warning:`
  /// @param apart whether each is printed by itself
  void print(Paragraph paragraph, Paint paint, String word, boolean apart) {
    places.forEach((text, where) -> {
      if (where.size() == 1 || apart) {
        for (Place place : where) {
          say(
              paragraph,
              paint,
              word,
              place.at + ": " + place.object + ": " + place.part + text.what,
              text);
        }
        return;
      }
      say(paragraph, paint, word, text.several + text.what + " (" + where.size() + " times)", text);
      where.stream()
          .limit(MOST)
          .forEach(place -> paragraph.detail("at", place.at + ": " + place.object + part(place)));
      if (where.size() > MOST) {
        paragraph.detail("", "and " + (where.size() - MOST) + " more; -v lists all");
      }
    });
  }

  private static String part(Place place) {
    return place.part.isEmpty() ? "" : " " + place.part.strip().replaceFirst(":$", "");
  }

  private static void say(Paragraph paragraph, Paint paint, String word, String what, Text text) {
    paragraph.say(paint, word, what + " [" + text.id + "]");
    text.details.forEach(detail -> paragraph.detail(detail.label, detail.text));
  }
}
