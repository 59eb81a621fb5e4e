/// What the tests of several modules share. It knows no module of Portcullis, and no main code
/// knows it.
@NullMarked
package dev.portcullis.testing;

import org.jspecify.annotations.NullMarked;
