package dev.portcullis.admission.http;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Gives every handshake the certificate of that moment.
///
/// A handshake asks three times: for an alias, for its key, for its chain. A certificate swapped in
/// between must not mix two of them, so an alias means one certificate, and the one before it is
/// still known.
final class ServingKeyManager extends X509ExtendedKeyManager {
  private final ServingCertificates certificates;
  private @Nullable Generation newest;
  private @Nullable Generation before;

  ServingKeyManager(ServingCertificates certificates) {
    this.certificates = certificates;
  }

  private record Generation(String alias, ServingCertificate certificate) {}

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    ServingCertificate current = certificates.current();
    if (current == null || !current.key().getAlgorithm().equals(keyType)) {
      return null;
    }
    return alias(current);
  }

  private synchronized String alias(ServingCertificate current) {
    Generation last = newest;
    if (last != null && last.certificate.equals(current)) {
      return last.alias;
    }
    int number = last == null ? 1 : Integer.parseInt(last.alias) + 1;
    before = last;
    newest = new Generation(Integer.toString(number), current);
    return newest.alias;
  }

  private synchronized @Nullable ServingCertificate known(String alias) {
    if (newest != null && newest.alias.equals(alias)) {
      return newest.certificate;
    }
    return before != null && before.alias.equals(alias) ? before.certificate : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    ServingCertificate certificate = known(alias);
    return certificate == null ? null : certificate.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    ServingCertificate certificate = known(alias);
    return certificate == null ? null : certificate.key();
  }

  // What follows is for clients, and for sockets that are not made by an engine: neither is used.

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }
}
