/// Images for CRI-O: what an archive names, and the storage that it goes into.
@NullMarked
package dev.portcullis.run.crio;

import org.jspecify.annotations.NullMarked;
