package dev.portcullis.cluster;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// A client's certificate and key in files that are written anew before the certificate expires, as
/// a kubelet does with its own. They are read again for a new connection, once a minute at most;
/// where that fails, the last ones stay.
final class CertificateFiles extends X509ExtendedKeyManager {
  private static final Logger LOG = System.getLogger(CertificateFiles.class.getName());
  private static final Duration LASTS = Duration.ofMinutes(1);
  private static final char BETWEEN = ':';

  private final Source source;
  private final InstantSource clock;
  private Version current;
  private @Nullable Version before;
  private Instant until;
  private String said = "";

  /// Reads both files.
  interface Source {
    X509ExtendedKeyManager read() throws IOException;
  }

  /// What was in the files at one time. A connection that has begun with one goes on with it: a
  /// certificate and a key of two times do not match.
  private record Version(int number, X509ExtendedKeyManager content) {}

  /// @throws IOException where they cannot be read now
  CertificateFiles(Source source, InstantSource clock) throws IOException {
    this.source = source;
    this.clock = clock;
    current = new Version(0, source.read());
    until = clock.instant().plus(LASTS);
  }

  private synchronized Version newest() {
    Instant now = clock.instant();
    if (now.isBefore(until)) {
      return current;
    }
    until = now.plus(LASTS);
    try {
      Version next = new Version(current.number() + 1, source.read());
      before = current;
      current = next;
      said = "";
    } catch (IOException unreadable) {
      String words = String.valueOf(unreadable.getMessage());
      if (!words.equals(said)) {
        said = words;
        LOG.log(Level.WARNING, "the client certificate that was read before is used on: " + words);
      }
    }
    return current;
  }

  private synchronized @Nullable X509ExtendedKeyManager content(String alias) {
    int number = Integer.parseInt(alias.substring(0, alias.indexOf(BETWEEN)));
    if (current.number() == number) {
      return current.content();
    }
    return before != null && before.number() == number ? before.content() : null;
  }

  private static String inside(String alias) {
    return alias.substring(alias.indexOf(BETWEEN) + 1);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
    return chooseClientAlias(types, issuers, null);
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    Version version = newest();
    String alias = version.content().chooseClientAlias(types, issuers, socket);
    return alias == null ? null : version.number() + "" + BETWEEN + alias;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    X509ExtendedKeyManager content = content(alias);
    return content == null ? null : content.getCertificateChain(inside(alias));
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    X509ExtendedKeyManager content = content(alias);
    return content == null ? null : content.getPrivateKey(inside(alias));
  }

  /// It is never asked: a process that has it asks, and does not serve.
  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }
}
