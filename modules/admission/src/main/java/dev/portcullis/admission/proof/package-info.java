/// What the content of one profile is to another's, proven once for both.
@NullMarked
package dev.portcullis.admission.proof;

import org.jspecify.annotations.NullMarked;
