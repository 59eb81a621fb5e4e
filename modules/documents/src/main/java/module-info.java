/// JSON and YAML read into one tree with positions, and written out again.
///
/// Bytes in, values out: no file, socket, clock, thread or environment is touched here.
@org.jspecify.annotations.NullMarked
module dev.portcullis.documents {
  requires static transitive org.jspecify;
  requires tools.jackson.core;
  requires org.snakeyaml.engine;

  exports dev.portcullis.documents;
}
