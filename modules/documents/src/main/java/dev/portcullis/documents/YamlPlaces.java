package dev.portcullis.documents;

import dev.portcullis.documents.Extent.Form;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/// Notes where the values of a YAML text stand, while {@link YamlReader} reads them.
final class YamlPlaces {
  private final Layout layout;
  private String text = "";

  /// Offsets in `char`s of the characters of the text; null where each is one `char`. The parser
  /// counts characters.
  private int @Nullable [] offsets;

  /// What was read last: the end of a scalar, an alias, or something in brackets. It is the end of
  /// everything in block style that ends here, as such has no mark of its own: the parser's is
  /// where the next thing begins, after empty lines and comments.
  private int end;

  private boolean blockScalar;
  private Extent last = new Extent(0, 0, Form.SCALAR);

  YamlPlaces(Layout layout) {
    this.layout = layout;
  }

  void begin(String content) {
    text = content;
    layout.begin(content, false);
    offsets = content.chars().anyMatch(each -> Character.isSurrogate((char) each)) ? count() : null;
  }

  private int[] count() {
    int[] counted = new int[text.codePointCount(0, text.length()) + 1];
    int offset = 0;
    for (int i = 0; i < counted.length - 1; i++) {
      counted[i] = offset;
      offset += Character.charCount(text.codePointAt(offset));
    }
    counted[counted.length - 1] = offset;
    return counted;
  }

  private int start(Event event) {
    return offset(event.getStartMark().orElseThrow());
  }

  private int offset(Mark mark) {
    return offsets == null ? mark.getIndex() : offsets[mark.getIndex()];
  }

  /// A value begins; where it has no members, this is all of it.
  void leaf(Event event) {
    switch (event) {
      case ScalarEvent scalar -> {
        blockScalar =
            scalar.getScalarStyle() == ScalarStyle.LITERAL
                || scalar.getScalarStyle() == ScalarStyle.FOLDED;
        end = offset(scalar.getEndMark().orElseThrow());
        if (blockScalar) {
          end = trimmed(end);
        }
      }
      case AliasEvent alias -> {
        blockScalar = false;
        end = offset(alias.getEndMark().orElseThrow());
      }
      default -> {}
    }
  }

  /// The parser's end of a block scalar is after the empty lines that follow it.
  private int trimmed(int after) {
    int at = after;
    while (at > 0 && Character.isWhitespace(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  /// The end of an object or a list. One in block style ends with its last member.
  void end(CollectionStartEvent began, Event event) {
    if (began.isFlow()) {
      blockScalar = false;
      end = offset(event.getEndMark().orElseThrow());
    }
  }

  /// A value has been read.
  void value(Event event, Value value) {
    Form form =
        switch (event) {
          case AliasEvent _ -> Form.ALIAS;
          case CollectionStartEvent start when start.isFlow() -> Form.FLOW;
          case CollectionStartEvent _ -> blockScalar ? Form.BLOCK_SCALAR : Form.BLOCK;
          default -> blockScalar ? Form.BLOCK_SCALAR : Form.SCALAR;
        };
    last = new Extent(start(event), end, form);
    if (form == Form.ALIAS) {
      layout.putAlias(value);
    } else {
      layout.put(value, last);
    }
  }

  /// A merge key brings the entries of this object to another.
  void merged(Mapping mapping) {
    layout.putMerged(mapping);
  }

  Entries entries() {
    return new Entries();
  }

  /// The entries of an object that is being read.
  final class Entries {
    private final List<Layout.EntryExtent> written = Layout.collector();
    private String key = "";
    private boolean merge;
    private int keyStart;
    private int keyEnd;

    void key(Event event, String text) {
      key = text;
      merge = false;
      keyStart = start(event);
      keyEnd = end;
    }

    void mergeKey(Event event) {
      key = "";
      merge = true;
      keyStart = start(event);
      keyEnd = offset(event.getEndMark().orElseThrow());
    }

    void value() {
      written.add(new Layout.EntryExtent(key, merge, keyStart, keyEnd, last));
    }

    void done(Mapping mapping) {
      layout.put(mapping, written);
    }
  }
}
