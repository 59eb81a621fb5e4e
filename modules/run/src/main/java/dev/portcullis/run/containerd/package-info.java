/// A containerd of our own: started below one directory, removed with it.
@NullMarked
package dev.portcullis.run.containerd;

import org.jspecify.annotations.NullMarked;
