/// What runs under which seccomp profile, as a page, a text or objects. Values in, text out: no
/// file, socket, clock or thread is touched here.
@org.jspecify.annotations.NullMarked
module dev.portcullis.report {
  requires static transitive org.jspecify;
  requires transitive dev.portcullis.documents;

  exports dev.portcullis.report;
}
