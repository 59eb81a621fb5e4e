package dev.portcullis.admission.certificate;

import dev.portcullis.admission.http.ServingCertificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.jspecify.annotations.Nullable;

/// Every decision about certificates that are made here, from what is stored and the time.
///
/// An API server reads a new bundle about a second after it was written, and must trust a
/// certificate before it is shown one. So a new authority comes into the bundle first, and signs
/// only when every API server has had time to see it; except where what is served is of no use
/// anyway.
final class Rotation {
  /// How long an authority is in the bundle before it signs, where that can be waited for.
  static final Duration SPREAD = Duration.ofMinutes(10);

  // Ten years each, replaced after two thirds: two are usual, more come from clocks that jumped and
  // keys that were lost.
  private static final int LARGEST_BUNDLE = 5;

  private final List<String> names;

  Rotation(ServiceNames service) {
    names = service.dns();
  }

  RotationStep next(StoredCertificates stored, Instant now) {
    List<X509Certificate> bundle = new ArrayList<>(bundle(stored));
    int before = bundle.size();
    Authority newest = bundle.isEmpty() ? null : authority(bundle.getFirst(), stored);
    String reason = null;
    if (newest == null || !valid(newest.certificate(), now) || old(newest.certificate(), now)) {
      reason = newest == null ? "no usable certificate authority" : "a new certificate authority";
      newest = Issuer.authority(names, now);
      bundle.addFirst(newest.certificate());
    }
    // Also what begins in the future: a clock was ahead once.
    bundle.removeIf(authority -> !valid(authority, now));
    while (bundle.size() > LARGEST_BUNDLE) {
      bundle.removeLast();
    }
    if (reason == null && bundle.size() < before) {
      reason = "an expired certificate authority";
    }
    ServingCertificate serving = serving(stored, bundle, now);
    if (serving == null) {
      reason = reason == null ? "no usable serving certificate" : reason;
      serving = Issuer.serving(newest, names, now);
    } else if (due(serving, newest, now)) {
      reason = "a new serving certificate";
      serving = Issuer.serving(newest, names, now);
    }
    return reason == null
        ? new RotationStep.Keep(new ServingBundle(stored.caBundle(), serving))
        : replace(stored, bundle, newest, serving, reason);
  }

  private static boolean due(ServingCertificate serving, Authority newest, Instant now) {
    if (signed(serving.certificate(), newest.certificate())) {
      return old(serving.certificate(), now);
    }
    Instant made = newest.certificate().getNotBefore().toInstant().plus(Issuer.BACKDATED);
    return !now.isBefore(made.plus(SPREAD));
  }

  private static RotationStep replace(
      StoredCertificates stored,
      List<X509Certificate> bundle,
      Authority newest,
      ServingCertificate serving,
      String reason) {
    try {
      StringBuilder authorities = new StringBuilder();
      for (X509Certificate authority : bundle) {
        authorities.append(Pem.write(authority));
      }
      StoredCertificates next =
          new StoredCertificates(
              stored.version(),
              authorities.toString(),
              Pem.write(newest.key()),
              Pem.write(serving.certificate()),
              Pem.write(serving.key()));
      return new RotationStep.Replace(next, new ServingBundle(next.caBundle(), serving), reason);
    } catch (UnusableException e) {
      throw new IllegalStateException("certificates that were just read or made", e);
    }
  }

  private static List<X509Certificate> bundle(StoredCertificates stored) {
    try {
      return Pem.certificates("ca.crt", stored.caBundle());
    } catch (UnusableException e) {
      return List.of();
    }
  }

  /// The newest with its key, if it may vouch for the names.
  private @Nullable Authority authority(X509Certificate newest, StoredCertificates stored) {
    try {
      Authority authority = new Authority(newest, Pem.key("ca.key", stored.caKey()));
      return Pem.matches(newest.getPublicKey(), authority.key()) && permits(newest)
          ? authority
          : null;
    } catch (UnusableException e) {
      return null;
    }
  }

  /// The Service was renamed, or somebody else's authority put there: clients would refuse what it
  /// signs.
  private boolean permits(X509Certificate authority) {
    byte[] extension = authority.getExtensionValue(Extension.nameConstraints.getId());
    if (extension == null) {
      return false;
    }
    try {
      NameConstraints constraints =
          NameConstraints.getInstance(JcaX509ExtensionUtils.parseExtensionValue(extension));
      return constraints.getExcludedSubtrees() == null
          && constraints.getPermittedSubtrees() != null
          && Arrays.stream(constraints.getPermittedSubtrees())
              .map(GeneralSubtree::getBase)
              .toList()
              .containsAll(names.stream().map(Issuer::dns).toList());
    } catch (IOException unreadable) {
      return false;
    }
  }

  /// What is stored, if clients that trust the bundle accept it now.
  private @Nullable ServingCertificate serving(
      StoredCertificates stored, List<X509Certificate> bundle, Instant now) {
    try {
      ServingCertificate serving =
          Pem.pair("tls.crt", stored.certificate(), "tls.key", stored.key());
      X509Certificate certificate = serving.certificate();
      boolean trusted = bundle.stream().anyMatch(authority -> signed(certificate, authority));
      return trusted && valid(certificate, now) && forTheNames(certificate) ? serving : null;
    } catch (UnusableException e) {
      return null;
    }
  }

  private static boolean signed(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private boolean forTheNames(X509Certificate certificate) throws UnusableException {
    try {
      Set<Object> found = new HashSet<>();
      var alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.forEach(name -> found.add(name.get(1)));
      }
      return found.equals(Set.copyOf(names));
    } catch (CertificateParsingException e) {
      throw new UnusableException("tls.crt", e);
    }
  }

  private static boolean valid(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && now.isBefore(certificate.getNotAfter().toInstant());
  }

  /// Past two thirds of its life.
  private static boolean old(X509Certificate certificate, Instant now) {
    Instant begin = certificate.getNotBefore().toInstant();
    Duration life = Duration.between(begin, certificate.getNotAfter().toInstant());
    return !now.isBefore(begin.plus(life.multipliedBy(2).dividedBy(3)));
  }
}
