/// Pages about this node, on loopback. The only package here that sees the JDK's HTTP server.
@NullMarked
package dev.portcullis.node.health;

import org.jspecify.annotations.NullMarked;
