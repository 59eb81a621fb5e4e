package dev.portcullis.cli.options;

import java.net.InetSocketAddress;

/// An address to listen on, as people write it: `:8443`, `127.0.0.1:8443`, `[::1]:8443`.
public final class ListenAddress {
  private ListenAddress() {}

  /// Without an address before the port: all of them.
  ///
  /// @param option for the message
  public static InetSocketAddress parse(String option, String text) throws UsageException {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    String digits = text.substring(colon + 1);
    int port = colon >= 0 && digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : -1;
    if (port < 0 || port > 65535) {
      throw new UsageException(
          option
              + " \""
              + text
              + "\" is not an address with a port, such as :8443 or 127.0.0.1:8443");
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    InetSocketAddress address =
        host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new UsageException(option + " \"" + text + "\": there is no host \"" + host + "\"");
    }
    return address;
  }
}
