/// Where the serving certificate comes from: files that somebody else keeps ([MountedCertificate]),
/// or made here and kept in a Secret that all replicas share ([SelfSignedCertificates]).
///
/// Only this room sees BouncyCastle, and only two classes of it do: the one that makes certificates
/// and the one that reads keys in older formats. A start with a certificate that is there loads
/// neither.
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission.certificate;
