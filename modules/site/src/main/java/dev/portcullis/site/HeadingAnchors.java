package dev.portcullis.site;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The anchors of a document's headings, as GitHub makes them: links that work there work here.
///
/// Source: `TableOfContentsFilter` of gjtorikian/html-pipeline, which GitHub's descends from.
final class HeadingAnchors {
  private static final Pattern DROPPED = Pattern.compile("[^\\p{L}\\p{M}\\p{N}\\p{Pc}\\- ]");

  private final Set<String> given = new HashSet<>();

  /// The anchor of the next heading.
  String next(String heading) {
    String plain =
        DROPPED.matcher(heading.strip().toLowerCase(Locale.ROOT)).replaceAll("").replace(' ', '-');
    String anchor = plain;
    for (int i = 1; !given.add(anchor); i++) {
      anchor = plain + "-" + i;
    }
    return anchor;
  }
}
