package dev.portcullis.cli.input;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.object.ObjectReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The profiles that a file holds which is none itself: those of ConfigMaps, of the Security
/// Profiles Operator's SeccompProfiles, and of the configuration of a container (`config.json` of
/// OCI).
final class HeldProfiles {
  /// What the profiles of a file are told apart by, on the command line and in messages:
  /// `web.yaml#a`.
  static final String SEPARATOR = "#";

  private static final String OPERATOR = "security-profiles-operator.x-k8s.io";

  private final String file;
  private final Map<String, byte[]> profiles = new LinkedHashMap<>();
  private final List<Diagnostic> complaints = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private boolean linesOfFile = true;

  private HeldProfiles(String file) {
    this.file = file;
  }

  /// What came of looking into a file.
  sealed interface Found {}

  /// It is a profile, or nothing that is known here: the reader of profiles says what is wrong.
  record Itself() implements Found {}

  /// It holds profiles.
  ///
  /// @param byName the content of each by its name in the file, in their order
  /// @param linesOfFile whether their lines are those of the file; in a ConfigMap they are those of
  ///   the key's text
  /// @param complaints about those that cannot be taken out of it
  record Held(Map<String, byte[]> byName, boolean linesOfFile, List<Diagnostic> complaints)
      implements Found {
    Held {
      complaints = List.copyOf(complaints);
    }
  }

  /// It is something else.
  record Foreign(Diagnostic complaint) implements Found {}

  /// Looks into the content of a file.
  static Found in(String file, byte[] content) {
    String text = new String(content, ISO_8859_1);
    boolean json = text.stripLeading().startsWith("{");
    if (json
        && !text.contains("apiVersion")
        && !text.contains("\"ociVersion\"")
        && !text.contains("\"seccomp\"")) {
      return new Itself();
    }
    return Documents.read(content, Limits.MANIFEST)
            instanceof ParseResult.Documents(List<Value> values)
        ? new HeldProfiles(file).look(values, json)
        : new Itself();
  }

  private Found look(List<Value> values, boolean json) {
    for (Value value : values) {
      if (!(value instanceof Mapping mapping)) {
        return new Itself();
      }
      if (mapping.get("ociVersion") != null) {
        return config(mapping);
      }
      if (mapping.get("defaultAction") != null) {
        return json ? new Itself() : foreign(mapping.at(), "YAML, and a profile is JSON");
      }
      if (mapping.get("apiVersion") == null
          && mapping.present("seccomp") instanceof Mapping inner
          && inner.get("defaultAction") != null) {
        return foreign(mapping.at("seccomp"), "the profile is only what stands in \"seccomp\"");
      }
      for (ObjectReader.Found found : ObjectReader.read(value)) {
        switch (found) {
          case KubernetesObject object -> object(object);
          case ObjectReader.Foreign _, ObjectReader.Broken _ -> {
            return new Itself();
          }
        }
      }
    }
    if (profiles.isEmpty() && complaints.isEmpty()) {
      return others.isEmpty()
          ? new Itself()
          : foreign(
              values.getFirst().at(),
              others.getFirst() + " is not a profile, and contains none; for pods, use check");
    }
    return new Held(profiles, linesOfFile, complaints);
  }

  private Foreign foreign(Position at, String what) {
    return new Foreign(Diagnostic.malformed(file, at, what));
  }

  private Found config(Mapping config) {
    return config.present("linux") instanceof Mapping linux
            && linux.present("seccomp") instanceof Mapping profile
        ? new Held(Map.of("linux.seccomp", LinedJson.write(profile)), true, List.of())
        : foreign(
            config.at(),
            "the configuration of a container without linux.seccomp: it has no profile, and runs"
                + " unconfined");
  }

  private void object(KubernetesObject object) {
    if (object.kind().equals("SeccompProfile") && object.group().equals(OPERATOR)) {
      ofOperator(object);
    } else if (object.kind().equals("ConfigMap") && object.group().isEmpty()) {
      int before = profiles.size() + complaints.size();
      configMap(object);
      linesOfFile = linesOfFile && before == profiles.size() + complaints.size();
      if (before == profiles.size() + complaints.size()) {
        others.add(object.label() + " without a key of a profile");
      }
    } else {
      others.add(object.label());
    }
  }

  private void ofOperator(KubernetesObject object) {
    if (!(object.manifest().present("spec") instanceof Mapping spec)) {
      complaints.add(
          Diagnostic.malformed(file, object.at(), object.label() + ": spec: Required value"));
      return;
    }
    if (spec.present("baseProfileName") != null) {
      complaints.add(
          Diagnostic.malformed(
              file,
              spec.at("baseProfileName"),
              object.label()
                  + ": spec.baseProfileName: it is this and the base together that run, and the"
                  + " base is not here"));
      return;
    }
    Map<String, Mapping.Entry> fields = new LinkedHashMap<>(spec.entries());
    // Says whether the operator writes the profile; no runtime sees it.
    fields.remove("disabled");
    put(name(object), LinedJson.write(new Mapping(spec.at(), fields)), object);
  }

  private void configMap(KubernetesObject object) {
    Mapping manifest = object.manifest();
    if (manifest.present("data") instanceof Mapping data) {
      for (String key : data.entries().keySet()) {
        if (data.present(key) instanceof Value.Text(_, String text) && isProfile(key, text)) {
          put(key, text.getBytes(UTF_8), object);
        }
      }
    }
    if (manifest.present("binaryData") instanceof Mapping data) {
      for (String key : data.entries().keySet()) {
        if (data.present(key) instanceof Value.Text(Position at, String base64)) {
          try {
            byte[] content = Base64.getDecoder().decode(base64.replaceAll("[\r\n]", ""));
            if (isProfile(key, new String(content, ISO_8859_1))) {
              put(key, content, object);
            }
          } catch (IllegalArgumentException garbage) {
            complaints.add(
                Diagnostic.malformed(
                    file, at, object.label() + ": binaryData." + key + ": is not base64"));
          }
        }
      }
    }
  }

  /// A key of a ConfigMap may be anything; what looks like JSON is meant as a profile.
  private static boolean isProfile(String key, String text) {
    return key.endsWith(".json") || text.stripLeading().startsWith("{");
  }

  private void put(String name, byte[] content, KubernetesObject object) {
    if (profiles.putIfAbsent(name, content) != null) {
      complaints.add(
          Diagnostic.malformed(
              file, object.at(), object.label() + ": a second profile called " + name));
    }
  }

  private static String name(KubernetesObject object) {
    return object.manifest().present("metadata") instanceof Mapping metadata
            && metadata.present("name") instanceof Value.Text(_, String name)
        ? name
        : "";
  }
}
