/// What profiles are found by, whatever keeps them.
@NullMarked
package dev.portcullis.profiles.key;

import org.jspecify.annotations.NullMarked;
