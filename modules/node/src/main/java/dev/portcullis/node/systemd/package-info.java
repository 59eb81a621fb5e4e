/// What is reported to systemd: that the service is ready, that it is alive, that it stops.
@NullMarked
package dev.portcullis.node.systemd;

import org.jspecify.annotations.NullMarked;
