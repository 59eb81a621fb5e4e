/// Which seccomp profile each container of a pod asks for, and who may use it.
///
/// The way of a pod: {@link dev.portcullis.pods.object} (a Kubernetes object, whatever its kind),
/// {@link dev.portcullis.pods.spec} (the fields of a pod that matter here), {@link
/// dev.portcullis.pods.resolve} (the profile name of each container and its origin), {@link
/// dev.portcullis.pods.decide} (admitted or refused). Values in, values out: no file, socket,
/// clock, thread or environment is touched here.
@org.jspecify.annotations.NullMarked
module dev.portcullis.pods {
  requires static transitive org.jspecify;
  requires transitive dev.portcullis.documents;

  exports dev.portcullis.pods.name;
  exports dev.portcullis.pods.object;
  exports dev.portcullis.pods.spec;
  exports dev.portcullis.pods.resolve;
  exports dev.portcullis.pods.policy;
  exports dev.portcullis.pods.rbac;
  exports dev.portcullis.pods.convert;
  exports dev.portcullis.pods.decide;
  exports dev.portcullis.pods.starter;
  exports dev.portcullis.pods.expectation;
  exports dev.portcullis.pods.fix;
}
