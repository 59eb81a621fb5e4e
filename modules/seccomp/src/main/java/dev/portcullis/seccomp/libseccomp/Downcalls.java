package dev.portcullis.seccomp.libseccomp;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/// Functions of a library, found by name.
@SuppressWarnings("restricted")
final class Downcalls {
  private Downcalls() {}

  static MethodHandle of(SymbolLookup library, String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
  }

  /// A function of the C library.
  static MethodHandle ofLibc(String name, FunctionDescriptor type) {
    return of(Linker.nativeLinker().defaultLookup(), name, type);
  }

  /// A downcall throws nothing by itself: what comes out is ours or the JVM's.
  static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("libseccomp could not be called", thrown);
  }
}
