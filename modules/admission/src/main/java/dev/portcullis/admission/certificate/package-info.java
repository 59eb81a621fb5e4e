/// Where the serving certificate comes from: files that somebody else keeps ([MountedCertificate]),
/// or made here and kept in a Secret that all replicas share ([SelfSignedCertificates]).
///
/// Only this package sees BouncyCastle, and three classes of it do: [Issuer] makes certificates,
/// [Rotation] reads the names that a stored authority may vouch for, and [OldKeyFormat] reads keys
/// in the formats before PKCS#8. A webhook with a stored authority loads BouncyCastle; one with a
/// mounted certificate and a PKCS#8 key does not.
@org.jspecify.annotations.NullMarked
package dev.portcullis.admission.certificate;
