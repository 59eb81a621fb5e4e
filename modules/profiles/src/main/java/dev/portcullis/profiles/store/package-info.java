/// From the key of a profile to its content, whatever keeps it.
@NullMarked
package dev.portcullis.profiles.store;

import org.jspecify.annotations.NullMarked;
