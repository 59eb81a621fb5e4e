/// The documents of the repository as a site of static pages, for people who read them in a
/// browser. It is a tool of the build: nothing of it is installed, and no other module needs it.
@NullMarked
package dev.portcullis.site;

import org.jspecify.annotations.NullMarked;
