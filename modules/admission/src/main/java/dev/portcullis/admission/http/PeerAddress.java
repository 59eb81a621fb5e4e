package dev.portcullis.admission.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/// From where a connection comes: an IPv4 address, or the first 64 bits of an IPv6 address. Of the
/// rest a host may take what it likes (RFC 4291, 2.5.4); an IPv4 address in IPv6 form is one of
/// IPv4.
///
/// @param length bits of the prefix that count
record PeerAddress(long prefix, int length) {

  static PeerAddress of(SocketAddress remote) {
    return remote instanceof InetSocketAddress socket && socket.getAddress() != null
        ? of(socket.getAddress())
        : new PeerAddress(0, 0);
  }

  static PeerAddress of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    return address instanceof Inet6Address
        ? new PeerAddress(bytes.getLong(), Long.SIZE)
        : new PeerAddress(Integer.toUnsignedLong(bytes.getInt()), Integer.SIZE);
  }
}
