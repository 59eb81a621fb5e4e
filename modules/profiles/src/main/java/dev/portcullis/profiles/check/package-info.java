/// The one check of a profile's content.
@NullMarked
package dev.portcullis.profiles.check;

import org.jspecify.annotations.NullMarked;
