/// Calls of containers that wait for an answer: `SCMP_ACT_NOTIFY` of profiles.
@NullMarked
package dev.portcullis.kernel.notification;

import org.jspecify.annotations.NullMarked;
