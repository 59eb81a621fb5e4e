package dev.portcullis.cluster;

import java.net.ProxySelector;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Where an API server is, and as whom it is asked.
///
/// @param server its URL, with a slash at the end
/// @param namespace of the client; null where none is configured
/// @param tls by whom the server and the client are known; null where it speaks HTTP alone
/// @param proxy null for the JDK's
record ServerAccess(
    String server,
    @Nullable String namespace,
    BearerToken token,
    @Nullable SSLContext tls,
    @Nullable ProxySelector proxy) {}
