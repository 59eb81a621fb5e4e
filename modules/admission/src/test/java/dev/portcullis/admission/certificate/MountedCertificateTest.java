package dev.portcullis.admission.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.admission.http.ServingCertificate;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class MountedCertificateTest {
  private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
  private static final List<String> NAMES = new ServiceNames("s", "n").dns();
  private static final Authority AUTHORITY = Issuer.authority(NAMES, NOW);

  @TempDir Path mount;

  private static ServingCertificate make() {
    return Issuer.serving(AUTHORITY, NAMES, NOW);
  }

  /// As the kubelet does it: a new directory, and the link renamed over the old one.
  private void put(String directory, String certificate, String key) throws IOException {
    Path data = Files.createDirectory(mount.resolve(directory));
    Files.writeString(data.resolve("tls.crt"), certificate);
    Files.writeString(data.resolve("tls.key"), key);
    Path link = Files.createSymbolicLink(mount.resolve("..tmp"), Path.of(directory));
    Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    for (String name : List.of("tls.crt", "tls.key")) {
      if (!Files.exists(mount.resolve(name))) {
        Files.createSymbolicLink(mount.resolve(name), Path.of("..data", name));
      }
    }
  }

  private MountedCertificate start(InstantSource clock) throws IOException {
    return MountedCertificate.start(
        mount.resolve("tls.crt"), mount.resolve("tls.key"), clock, Duration.ofMillis(20));
  }

  @Test
  void aSwappedSecretIsTakenAndABadOneIsNot() throws Exception {
    ServingCertificate first = make();
    ServingCertificate second = make();
    put("..1", Pem.write(first.certificate()), Pem.write(first.key()));
    List<String> logged = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger(MountedCertificate.class.getName());
    Handler recorder = recorder(logged);
    logger.addHandler(recorder);
    try (MountedCertificate mounted = start(() -> NOW)) {
      assertThat(mounted.current()).isEqualTo(first);
      put("..2", Pem.write(second.certificate()), Pem.write(first.key()));
      awaitLine(logged, "does not belong");
      put("..3", "rubbish", Pem.write(second.key()));
      awaitLine(logged, "is not a PEM file of certificates");
      assertThat(mounted.current()).isEqualTo(first);
      put("..4", Pem.write(second.certificate()), Pem.write(second.key()));
      Wait.until("the second certificate", () -> mounted.current().equals(second));
      Files.delete(mount.resolve("tls.key"));
      awaitLine(logged, "does not exist");
      assertThat(mounted.current()).isEqualTo(second);
    } finally {
      logger.removeHandler(recorder);
    }
    assertThat(logged).noneMatch(line -> line.contains("PRIVATE"));
    // Each said once, not at every look.
    assertThat(logged).filteredOn(line -> line.contains("does not belong")).hasSize(1);
  }

  @Test
  void anExpiredCertificateIsSaidLoudlyAndServed() throws Exception {
    ServingCertificate old = make();
    put("..1", Pem.write(old.certificate()), Pem.write(old.key()));
    List<String> logged = new CopyOnWriteArrayList<>();
    Logger logger = Logger.getLogger(MountedCertificate.class.getName());
    Handler recorder = recorder(logged);
    logger.addHandler(recorder);
    try (MountedCertificate mounted = start(() -> NOW.plus(Duration.ofDays(91)))) {
      awaitLine(logged, "expired on 2027-04-01");
      assertThat(mounted.current().expiry()).isEqualTo(NOW.plus(Duration.ofDays(90)));
      put("..2", "rubbish", Pem.write(old.key()));
      awaitLine(logged, "keeping the certificate in use");
      Thread.sleep(200);
      // Each once, though both are so at every look.
      assertThat(logged).hasSize(2);
    } finally {
      logger.removeHandler(recorder);
    }
  }

  @Test
  void aStartWithUnusableFilesSaysWhich() throws Exception {
    assertThatThrownBy(() -> start(() -> NOW)).hasMessageContaining("tls.crt does not exist");
    ServingCertificate good = make();
    put("..1", Pem.write(good.certificate()), Pem.write(make().key()));
    assertThatThrownBy(() -> start(() -> NOW))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tls.key does not belong to the first certificate in");
    put("..2", Pem.write(good.certificate()), "nothing");
    assertThatThrownBy(() -> start(() -> NOW)).hasMessageContaining("has no private key");
    put("..3", Pem.write(good.key()), Pem.write(good.key()));
    assertThatThrownBy(() -> start(() -> NOW)).hasMessageContaining("tls.crt");
    put("..4", "x".repeat(2_000_000), Pem.write(good.key()));
    assertThatThrownBy(() -> start(() -> NOW)).hasMessageContaining("larger than 1048576");
  }

  @Test
  void keysInOlderFormatsAreRead() throws Exception {
    for (String algorithm : List.of("EC", "RSA")) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(algorithm.equals("EC") ? 256 : 2048);
      KeyPair pair = generator.generateKeyPair();
      String text = asOpensslDid(pair.getPrivate());
      assertThat(text).contains("-----BEGIN " + algorithm + " PRIVATE KEY-----");
      PrivateKey old = Pem.key("old.key", text);
      assertThat(Pem.matches(pair.getPublic(), old)).isTrue();
      assertThat(Pem.key("new.key", Pem.write(old))).isEqualTo(old);
      assertThat(Pem.matches(generator.generateKeyPair().getPublic(), old)).isFalse();
    }
    KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    PrivateKey read = Pem.key("new.key", Pem.write(edwards.getPrivate()));
    assertThat(Pem.matches(edwards.getPublic(), read)).isTrue();
  }

  private static String asOpensslDid(PrivateKey key) throws IOException {
    // openssl names the curve in the key; the JDK's keys leave it to the PKCS#8 around them.
    Object structure =
        key instanceof ECPrivateKey curve
            ? new PemObject(
                "EC PRIVATE KEY",
                new org.bouncycastle.asn1.sec.ECPrivateKey(
                        256, curve.getS(), SECObjectIdentifiers.secp256r1)
                    .getEncoded())
            : key;
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(structure);
    }
    return text.toString();
  }

  @Test
  void keysThatAreOfNoUseAreNamed() {
    for (String broken :
        List.of(
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----\n\n-----END EC PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")) {
      assertThatThrownBy(() -> Pem.key("k", broken))
          .isInstanceOf(UnusableException.class)
          .hasMessageContaining("damaged");
    }
    assertThatThrownBy(() ->
            Pem.key(
                "k",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----"))
        .hasMessageContaining("openssl pkcs8");
  }

  private static void awaitLine(List<String> logged, String part) throws Exception {
    Wait.until("a line with: " + part, () -> logged.stream().anyMatch(line -> line.contains(part)));
  }

  private static Handler recorder(List<String> logged) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        logged.add(record.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
