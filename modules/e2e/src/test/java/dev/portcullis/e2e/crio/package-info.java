/// A private CRI-O, for the tests that want one beside the private containerd. The program is the
/// one that `PORTCULLIS_CRIO` names; where none is named, these tests are skipped.
@NullMarked
package dev.portcullis.e2e.crio;

import org.jspecify.annotations.NullMarked;
