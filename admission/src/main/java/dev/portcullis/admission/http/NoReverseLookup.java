package dev.portcullis.admission.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/// The platform's name service, without names for addresses: those stay numbers.
///
/// The JDK's HTTPS server asks for the name of every client (`SSLStreams`, for the TLS session's
/// peer host, which a server does not use). With a DNS server that does not answer, that would take
/// seconds for each new connection, and a probe of the kubelet is a new connection each time: the
/// webhook would fall over together with DNS. The service loader finds this class.
public final class NoReverseLookup extends InetAddressResolverProvider {
  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver platform = configuration.builtinResolver();
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
          throws UnknownHostException {
        return platform.lookupByName(host, policy);
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        throw new UnknownHostException("names of addresses are not looked up");
      }
    };
  }

  @Override
  public String name() {
    return "no reverse lookup";
  }
}
