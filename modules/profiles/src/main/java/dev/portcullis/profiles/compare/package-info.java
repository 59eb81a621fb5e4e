/// What the profiles of a store are to each other: the strictness that policies ask for.
@NullMarked
package dev.portcullis.profiles.compare;

import org.jspecify.annotations.NullMarked;
