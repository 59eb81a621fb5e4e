/// Start-up caches, made of what Portcullis loads while it is asked.
@NullMarked
package dev.portcullis.training;

import org.jspecify.annotations.NullMarked;
