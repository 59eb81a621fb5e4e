/// Policies compiled to admission policies in CEL, by which an API server decides without a
/// webhook. Values in, values out: no file, socket, clock or thread is touched here.
@org.jspecify.annotations.NullMarked
module dev.portcullis.cel {
  requires static transitive org.jspecify;
  requires transitive dev.portcullis.documents;
  requires transitive dev.portcullis.pods;
  requires transitive dev.portcullis.profiles;

  exports dev.portcullis.cel;
}
