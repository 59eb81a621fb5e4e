package dev.portcullis.admission.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

class RotationTest {
  private static final ServiceNames NAMES = new ServiceNames("portcullis-webhook", "portcullis");
  private static final Instant START = Instant.parse("2027-01-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private final Rotation rotation = new Rotation(NAMES);
  private Instant now = START;
  private StoredCertificates stored = StoredCertificates.empty("1");

  /// Until there is nothing more to do at this moment, with a client's judgement at the end.
  private ServingBundle settle() throws Exception {
    RotationStep next = rotation.next(stored, now);
    if (next instanceof RotationStep.Replace replace) {
      assertThat(replace.stored().version()).isEqualTo(stored.version());
      stored = replace.stored();
      next = rotation.next(stored, now);
    }
    assertThat(next).isInstanceOf(RotationStep.Keep.class);
    validate(next.material(), next.material().caBundle(), now);
    return next.material();
  }

  /// As a client does that trusts this bundle. Go applies an authority's own constraints and dates;
  /// the JDK does so only to what is below its anchor, so here the authority stands below its own
  /// name.
  static void validate(ServingBundle material, String bundle, Instant now)
      throws GeneralSecurityException, UnusableException {
    GeneralSecurityException refused = new GeneralSecurityException("an empty bundle");
    for (X509Certificate authority : Pem.certificates("bundle", bundle)) {
      try {
        validate(material.serving().certificate(), authority, now);
        return;
      } catch (GeneralSecurityException e) {
        refused = e;
      }
    }
    throw refused;
  }

  private static void validate(X509Certificate serving, X509Certificate authority, Instant now)
      throws GeneralSecurityException {
    TrustAnchor anchor =
        new TrustAnchor(authority.getSubjectX500Principal(), authority.getPublicKey(), null);
    PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(serving, authority)),
            parameters);
  }

  private static int bundled(ServingBundle material) throws UnusableException {
    return Pem.certificates("bundle", material.caBundle()).size();
  }

  @Test
  void nothingBecomesAllAndStays() throws Exception {
    ServingBundle first = settle();
    assertThat(bundled(first)).isEqualTo(1);
    X509Certificate serving = first.serving().certificate();
    assertThat(serving.getSubjectAlternativeNames())
        .extracting(name -> (Object) name.get(1))
        .containsExactly(
            "portcullis-webhook.portcullis.svc", "portcullis-webhook.portcullis.svc.cluster.local");
    assertThat(serving.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    now = START.plus(DAY.multipliedBy(59));
    assertThat(settle()).isEqualTo(first);
  }

  @Test
  void aServingCertificateIsRenewedAfterTwoThirdsByTheSameAuthority() throws Exception {
    ServingBundle first = settle();
    now = START.plus(DAY.multipliedBy(61));
    ServingBundle second = settle();
    assertThat(second.serving()).isNotEqualTo(first.serving());
    assertThat(second.caBundle()).isEqualTo(first.caBundle());
  }

  @Test
  void aNewAuthorityIsTrustedForTenMinutesBeforeItSigns() throws Exception {
    settle();
    // So that what is served is fresh when the authority's time comes.
    for (int day : List.of(2320, 2400)) {
      now = START.plus(DAY.multipliedBy(day));
      settle();
    }
    ServingBundle before = settle();
    assertThat(bundled(before)).isEqualTo(1);
    // Two thirds of 3,650 days are 2,433; nothing else is due on this one.
    now = START.plus(DAY.multipliedBy(2434));
    ServingBundle during = settle();
    assertThat(bundled(during)).isEqualTo(2);
    assertThat(during.serving()).isEqualTo(before.serving());
    now = now.plus(Rotation.SPREAD).minusSeconds(1);
    assertThat(settle()).isEqualTo(during);
    now = now.plusSeconds(1);
    ServingBundle after = settle();
    assertThat(after.caBundle()).isEqualTo(during.caBundle());
    assertThat(after.serving()).isNotEqualTo(before.serving());
    // A client with the bundle of before does not know it yet: what the ten minutes are for.
    assertThatThrownBy(() -> validate(after, before.caBundle(), now))
        .isInstanceOf(GeneralSecurityException.class);
    now = START.plus(DAY.multipliedBy(3651));
    assertThat(bundled(settle())).isEqualTo(1);
  }

  @Test
  void clocksThatJumpForthAndBackAreFollowed() throws Exception {
    for (long days : List.of(0L, 90L, 7L * 365, 11L * 365, 1L, 30L * 365, 0L, 8L * 365, 7L * 365)) {
      now = START.plus(DAY.multipliedBy(days));
      assertThat(bundled(settle())).isLessThanOrEqualTo(5);
    }
  }

  @Test
  void aYoungAuthorityDoesNotWaitWhereWhatIsServedIsOfNoUse() throws Exception {
    ServingBundle first = settle();
    now = START.plus(DAY.multipliedBy(7 * 365));
    ServingBundle second = settle();
    assertThat(bundled(second)).isEqualTo(2);
    assertThat(second.serving()).isNotEqualTo(first.serving());
  }

  @Test
  void garbageIsReplacedAndWhatIsGoodBesideItStays() throws Exception {
    ServingBundle good = settle();
    StoredCertificates all = stored;
    String bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (String garbage : List.of("", "garbage", "\u00ff\u0000", bad, all.key().substring(9))) {
      // Without its key the authority signs nothing more; what it has signed is still good.
      stored = new StoredCertificates("2", all.caBundle(), garbage, all.certificate(), all.key());
      ServingBundle keyLost = settle();
      assertThat(keyLost.serving()).isEqualTo(good.serving());
      assertThat(bundled(keyLost)).isEqualTo(2);
      stored = new StoredCertificates("2", garbage, all.caKey(), all.certificate(), all.key());
      assertThat(settle().serving()).isNotEqualTo(good.serving());
      stored = new StoredCertificates("2", all.caBundle(), all.caKey(), garbage, all.key());
      ServingBundle certificateLost = settle();
      assertThat(certificateLost.caBundle()).isEqualTo(good.caBundle());
      assertThat(certificateLost.serving()).isNotEqualTo(good.serving());
      stored = new StoredCertificates("2", all.caBundle(), all.caKey(), all.certificate(), garbage);
      assertThat(settle().serving()).isNotEqualTo(good.serving());
      stored = new StoredCertificates("2", garbage, garbage, garbage, garbage);
      settle();
    }
    // A key that is a key, but another's.
    stored = new StoredCertificates("2", all.caBundle(), all.key(), all.certificate(), all.caKey());
    settle();
    stored = all;
    assertThat(settle()).isEqualTo(good);
  }

  @Test
  void aRenamedServiceGetsAnAuthorityOfItsOwn() throws Exception {
    ServingBundle old = settle();
    String longest = "n".repeat(63);
    Rotation renamed = new Rotation(new ServiceNames("s".repeat(63), longest));
    RotationStep next = renamed.next(stored, now);
    assertThat(next).isInstanceOf(RotationStep.Replace.class);
    validate(next.material(), next.material().caBundle(), now);
    assertThatThrownBy(() -> validate(next.material(), old.caBundle(), now))
        .isInstanceOf(GeneralSecurityException.class);
    StoredCertificates replaced = ((RotationStep.Replace) next).stored();
    assertThat(renamed.next(replaced, now)).isInstanceOf(RotationStep.Keep.class);
    // The check itself can fail: this authority may not vouch for the old names.
    Authority authority =
        new Authority(
            Pem.certificates("bundle", replaced.caBundle()).getFirst(),
            Pem.key("key", replaced.caKey()));
    ServingBundle outside =
        new ServingBundle(replaced.caBundle(), Issuer.serving(authority, NAMES.dns(), now));
    assertThatThrownBy(() -> validate(outside, outside.caBundle(), now))
        .isInstanceOf(GeneralSecurityException.class);
  }

  /// A name may stand among those that an authority must not vouch for, too.
  @Test
  void anAuthorityThatExcludesTheNamesSignsNothingMore() throws Exception {
    settle();
    Authority own =
        new Authority(
            Pem.certificates("bundle", stored.caBundle()).getFirst(),
            Pem.key("key", stored.caKey()));
    GeneralSubtree[] names =
        NAMES.dns().stream()
            .map(dns -> new GeneralSubtree(new GeneralName(GeneralName.dNSName, dns)))
            .toArray(GeneralSubtree[]::new);
    stored = constrained(own, new NameConstraints(names, null));
    assertThat(rotation.next(stored, now)).isInstanceOf(RotationStep.Keep.class);
    for (GeneralSubtree[] permitted : new GeneralSubtree[][] {null, names}) {
      StoredCertificates outside = constrained(own, new NameConstraints(permitted, names));
      assertThat(rotation.next(outside, now)).isInstanceOf(RotationStep.Replace.class);
    }
    StoredCertificates one =
        constrained(own, new NameConstraints(new GeneralSubtree[] {names[0]}, null));
    assertThat(rotation.next(one, now)).isInstanceOf(RotationStep.Replace.class);
  }

  private StoredCertificates constrained(Authority own, NameConstraints constraints)
      throws Exception {
    X500Name name = new X500Name("CN=constrained");
    X509Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.TWO,
                        own.certificate().getNotBefore(),
                        own.certificate().getNotAfter(),
                        name,
                        own.certificate().getPublicKey())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.nameConstraints, true, constraints)
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(own.key())));
    return new StoredCertificates(
        stored.version(),
        Pem.write(certificate),
        stored.caKey(),
        stored.certificate(),
        stored.key());
  }

  @Test
  void keysAreNeverInWords() {
    RotationStep next = rotation.next(stored, now);
    assertThat(next.toString()).doesNotContain("PRIVATE", "BEGIN PR");
  }
}
