/// Functions of the C library: the only package, beside that of libseccomp, that calls native code.
///
/// An error is its number, {@link SystemCallException#errno}: its words are in the language of the
/// locale. Each class is about what one kind of caller needs, and no type of `java.lang.foreign`
/// leaves this package.
@NullMarked
package dev.portcullis.kernel.libc;

import org.jspecify.annotations.NullMarked;
