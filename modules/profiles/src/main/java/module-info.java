/// Where a profile name meets its content: what stands above pods, which know names, and seccomp,
/// which knows contents. Values in, values out: no file, socket, clock or thread is touched here.
@org.jspecify.annotations.NullMarked
module dev.portcullis.profiles {
  requires static transitive org.jspecify;
  requires transitive dev.portcullis.documents;
  requires transitive dev.portcullis.pods;
  requires transitive dev.portcullis.seccomp;

  exports dev.portcullis.profiles.check;
  exports dev.portcullis.profiles.compare;
  exports dev.portcullis.profiles.configmap;
  exports dev.portcullis.profiles.exposure;
  exports dev.portcullis.profiles.key;
  exports dev.portcullis.profiles.record;
  exports dev.portcullis.profiles.store;
}
