package dev.portcullis.pods.fix;

import dev.portcullis.documents.DocumentEditor;
import dev.portcullis.documents.Layout;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.TextEdit;
import dev.portcullis.documents.TreeComparison;
import dev.portcullis.documents.TreeComparison.ObjectChange;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.fix.Obstacle.Kind;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.object.ObjectReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to change in one document of a file: in each of its objects all or nothing.
final class DocumentPlan {
  private static final String SHARED =
      "an anchor, an alias or a merge key of YAML shares this text with other objects, which would"
          + " change, too; give each its own copy, or write the field by hand";
  private static final String FORM =
      "the text is written in a way that fix does not edit; write the field by hand";

  private final Layout layout;
  private final Value document;
  private final List<ObjectPlan> objects = new ArrayList<>();
  private List<TextEdit> edits = List.of();

  private DocumentPlan(Layout layout, Value document) {
    this.layout = layout;
    this.document = document;
  }

  static DocumentPlan of(Layout layout, Value document, FixRules rules) {
    DocumentPlan plan = new DocumentPlan(layout, document);
    for (KubernetesObject object : objects(document)) {
      plan.objects.add(ObjectPlan.of(object, rules));
    }
    plan.make();
    return plan;
  }

  /// The objects of a document. What is meant as one and is none is said by `check`.
  static List<KubernetesObject> objects(Value document) {
    List<KubernetesObject> objects = new ArrayList<>();
    for (ObjectReader.Found found : ObjectReader.read(document)) {
      switch (found) {
        case KubernetesObject object -> objects.add(object);
        case ObjectReader.Foreign _, ObjectReader.Broken _ -> {}
      }
    }
    return objects;
  }

  List<ObjectPlan> objects() {
    return objects;
  }

  Value document() {
    return document;
  }

  /// Of all objects that change.
  List<TextEdit> edits() {
    return edits;
  }

  private void make() {
    Map<ObjectPlan, List<TextEdit>> byObject = edit();
    if (layout.hasAliases()) {
      leaveShared();
    }
    List<TextEdit> all = new ArrayList<>();
    byObject.forEach((object, own) -> {
      if (object.changes()) {
        all.addAll(own);
      }
    });
    edits = TextEdit.ordered(all);
    if (TextEdit.overlap(edits)) {
      block(
          layout.hasAliases() ? Kind.SHARED : Kind.UNUSUAL_FORM,
          layout.hasAliases() ? SHARED : FORM);
    }
  }

  /// All objects stay as they are.
  void block(Kind kind, String message) {
    changing().forEach(object -> object.block(kind, message));
    edits = List.of();
  }

  private List<ObjectPlan> changing() {
    return objects.stream().filter(ObjectPlan::changes).toList();
  }

  private Map<ObjectPlan, List<TextEdit>> edit() {
    Map<ObjectPlan, List<TextEdit>> byObject = new LinkedHashMap<>();
    DocumentEditor editor = new DocumentEditor(layout);
    for (ObjectPlan object : changing()) {
      List<TextEdit> own = new ArrayList<>();
      for (EntryChange change : object.entries()) {
        List<TextEdit> edited = edit(change, editor);
        if (edited == null) {
          object.block(
              layout.hasAliases() ? Kind.SHARED : Kind.UNUSUAL_FORM,
              layout.hasAliases() ? SHARED : FORM);
          break;
        }
        own.addAll(edited);
      }
      byObject.put(object, own);
    }
    return byObject;
  }

  private static @Nullable List<TextEdit> edit(EntryChange change, DocumentEditor editor) {
    return switch (change) {
      case EntryChange.Put(Mapping owner, String key, Mapping value, var place) ->
          editor.put(owner, key, value, place);
      case EntryChange.Remove(Mapping owner, var keys) -> editor.remove(owner, keys);
    };
  }

  /// Blocks the objects whose edits would change more than was asked for.
  private void leaveShared() {
    IdentityHashMap<Mapping, ObjectChange> asked = asked();
    IdentityHashMap<Mapping, Integer> places = new IdentityHashMap<>();
    IdentityHashMap<Mapping, List<ObjectPlan>> users = new IdentityHashMap<>();
    for (ObjectPlan object : changing()) {
      for (EntryChange change : object.entries()) {
        places.put(change.owner(), 0);
        users.computeIfAbsent(change.owner(), _ -> new ArrayList<>()).add(object);
      }
    }
    count(document, places);
    Deque<Mapping> shared = new ArrayDeque<>();
    places.forEach((owner, times) -> {
      ObjectChange all = asked.get(owner);
      if (all == null || layout.isMerged(owner) || times != all.times()) {
        shared.add(owner);
      }
    });
    // An object that stays asks no more for what it shares with others: these stay, too.
    while (!shared.isEmpty()) {
      List<ObjectPlan> all = users.remove(shared.remove());
      for (ObjectPlan object : all == null ? List.<ObjectPlan>of() : all) {
        if (object.changes()) {
          object.entries().forEach(change -> shared.add(change.owner()));
          object.block(Kind.SHARED, SHARED);
        }
      }
    }
  }

  private static void count(Value value, IdentityHashMap<Mapping, Integer> places) {
    switch (value) {
      case Mapping mapping -> {
        places.computeIfPresent(mapping, (_, times) -> times + 1);
        mapping.entries().values().forEach(entry -> count(entry.value(), places));
      }
      case Sequence sequence -> sequence.items().forEach(item -> count(item, places));
      case Value.Text _, Value.Numeral _, Value.Truth _, Value.Null _ -> {}
    }
  }

  /// What all objects together ask for, by the objects of the tree; one of which different things
  /// are asked is left out.
  IdentityHashMap<Mapping, ObjectChange> asked() {
    IdentityHashMap<Mapping, ObjectChange> asked = new IdentityHashMap<>();
    List<Mapping> contested = new ArrayList<>();
    for (ObjectPlan object : changing()) {
      for (EntryChange change : object.entries()) {
        ObjectChange before = asked.get(change.owner());
        ObjectChange both =
            before == null ? change.asked() : TreeComparison.joined(before, change.asked());
        if (both == null) {
          contested.add(change.owner());
        } else {
          asked.put(change.owner(), both);
        }
      }
    }
    contested.forEach(asked::remove);
    return asked;
  }
}
