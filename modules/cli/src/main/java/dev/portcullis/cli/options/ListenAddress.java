package dev.portcullis.cli.options;

import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/// An address to listen on, as people write it: `:8443`, `127.0.0.1:8443`, `[::1]:8443`.
public final class ListenAddress {
  private static final Pattern LOOPBACK =
      Pattern.compile("127(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}|::1|localhost");
  private static final int HIGHEST_PORT = 65_535;

  private ListenAddress() {}

  /// The value of an option. Without an address before the port: all of them.
  public static InetSocketAddress parse(Option option, String text) throws UsageException {
    String host = host(text);
    int port = port(text);
    if (port < 0) {
      throw new UsageException(
          option.text()
              + " \""
              + text
              + "\" is not an address with a port, such as :8443 or 127.0.0.1:8443");
    }
    InetSocketAddress address =
        host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new UsageException(
          option.text() + " \"" + text + "\": there is no host \"" + host + "\"");
    }
    return address;
  }

  /// The same for what no other machine may reach: an address of this machine alone.
  public static InetSocketAddress loopback(Option option, String text) throws UsageException {
    int port = port(text);
    if (port >= 0 && LOOPBACK.matcher(host(text)).matches()) {
      InetSocketAddress address = new InetSocketAddress(host(text), port);
      if (!address.isUnresolved()) {
        return address;
      }
    }
    throw new UsageException(
        option.text()
            + " \""
            + text
            + "\" is not a loopback address with a port, such as 127.0.0.1:10289 or [::1]:10289");
  }

  private static String host(String text) {
    String host = text.substring(0, Math.max(0, text.lastIndexOf(':')));
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /// -1 where there is none.
  private static int port(String text) {
    int colon = text.lastIndexOf(':');
    String digits = text.substring(colon + 1);
    int port = colon >= 0 && digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : -1;
    return port <= HIGHEST_PORT ? port : -1;
  }
}
