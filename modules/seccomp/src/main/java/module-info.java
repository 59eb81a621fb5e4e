/// What a seccomp profile says, and what is wrong with it.
///
/// The way of a profile: JSON, read by `json` into `profile` (as it was written), decided for one
/// machine and one container by `resolve`, judged by `lint`. `bpf` is the filter that the kernel
/// runs. `syscall` knows which names exist. `libseccomp` calls the libseccomp of the machine, the
/// same that the runtimes compile profiles with, and is the only package that calls native code
/// (`--enable-native-access=dev.portcullis.seccomp`).
@org.jspecify.annotations.NullMarked
module dev.portcullis.seccomp {
  requires static transitive org.jspecify;
  requires transitive dev.portcullis.documents;

  exports dev.portcullis.seccomp.bpf;
  exports dev.portcullis.seccomp.compare;
  exports dev.portcullis.seccomp.compile;
  exports dev.portcullis.seccomp.complain;
  exports dev.portcullis.seccomp.compose;
  exports dev.portcullis.seccomp.convert;
  exports dev.portcullis.seccomp.defaults;
  exports dev.portcullis.seccomp.derive;
  exports dev.portcullis.seccomp.effect;
  exports dev.portcullis.seccomp.finding;
  exports dev.portcullis.seccomp.heal;
  exports dev.portcullis.seccomp.json;
  exports dev.portcullis.seccomp.lint;
  exports dev.portcullis.seccomp.meaning;
  exports dev.portcullis.seccomp.optimise;
  exports dev.portcullis.seccomp.profile;
  exports dev.portcullis.seccomp.recording;
  exports dev.portcullis.seccomp.resolve;
  exports dev.portcullis.seccomp.runtime;
  exports dev.portcullis.seccomp.syscall;
}
