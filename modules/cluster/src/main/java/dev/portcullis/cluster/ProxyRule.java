package dev.portcullis.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Through which HTTP proxy an API server is reached: that of the kubeconfig, or that of the
/// environment.
final class ProxyRule {
  private ProxyRule() {}

  /// What to do for a server.
  ///
  /// @param named by the kubeconfig; null where it names none
  /// @param environment `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, also in small
  ///   letters
  /// @return null where none is configured
  /// @throws IOException where the JDK cannot speak to such a proxy
  static @Nullable ProxySelector of(
      String server, @Nullable String named, Map<String, String> environment) throws IOException {
    URI uri = URI.create(server);
    if (named != null && !named.isBlank()) {
      return selector(named, "proxy-url");
    }
    String variable = uri.getScheme().equals("http") ? "HTTP_PROXY" : "HTTPS_PROXY";
    String proxy = value(environment, variable);
    if (proxy.isEmpty()) {
      variable = "ALL_PROXY";
      proxy = value(environment, variable);
    }
    if (proxy.isEmpty()) {
      return null;
    }
    String host = uri.getHost().replace("[", "").replace("]", "");
    if (isThisMachine(host)) {
      return HttpClient.Builder.NO_PROXY;
    }
    for (String each : value(environment, "NO_PROXY").split(",")) {
      if (covers(each.strip(), host)) {
        return HttpClient.Builder.NO_PROXY;
      }
    }
    return selector(proxy, variable);
  }

  /// Which no proxy of the environment is asked for, as kubectl has it (golang.org/x/net,
  /// `httpproxy.useProxy`): clusters of kind and minikube are there.
  private static boolean isThisMachine(String host) {
    try {
      return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException name) {
      return false;
    }
  }

  private static String value(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "");
    return (value.isBlank() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : value)
        .strip();
  }

  private static ProxySelector selector(String proxy, String origin) throws IOException {
    URI uri;
    try {
      uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
    } catch (IllegalArgumentException wrong) {
      throw new IOException(origin + " is not a URL", wrong);
    }
    if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
      throw new IOException(
          origin
              + " is not http://HOST:PORT; an API server can be reached through an HTTP proxy only");
    }
    if (uri.getUserInfo() != null) {
      throw new IOException(origin + " has a password; a proxy that wants one is not supported");
    }
    return ProxySelector.of(InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort()));
  }

  /// Whether an entry of `NO_PROXY` is about a host: it is one, its domain, its address, or a
  /// network with its address.
  private static boolean covers(String entry, String host) {
    if (entry.isEmpty()) {
      return false;
    }
    if (entry.equals("*") || entry.equalsIgnoreCase(host)) {
      return true;
    }
    int slash = entry.indexOf('/');
    if (slash >= 0) {
      return isIn(host, entry.substring(0, slash), entry.substring(slash + 1));
    }
    String domain = entry.startsWith(".") ? entry : "." + entry;
    return host.toLowerCase(Locale.ROOT).endsWith(domain.toLowerCase(Locale.ROOT));
  }

  private static boolean isIn(String host, String network, String length) {
    byte[] address;
    byte[] prefix;
    int bits;
    try {
      address = InetAddress.ofLiteral(host).getAddress();
      prefix = InetAddress.ofLiteral(network).getAddress();
      bits = Integer.parseInt(length);
    } catch (IllegalArgumentException noAddress) {
      return false;
    }
    if (address.length != prefix.length || bits < 0 || bits > 8 * prefix.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> bit % 8;
      if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
