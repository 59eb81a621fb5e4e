package dev.portcullis.seccomp.libseccomp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/// The functions of libseccomp that make filters, and those of the C library for the memory that a
/// filter is exported to.
final class FilterCalls {
  final MethodHandle init;
  final MethodHandle release;
  final MethodHandle addArchitecture;
  final MethodHandle setAttribute;
  final MethodHandle addRule;
  final MethodHandle export;
  final MethodHandle memfdCreate;
  final MethodHandle pread;
  final MethodHandle close;

  FilterCalls(SymbolLookup library) {
    // scmp_filter_ctx seccomp_init(uint32_t def_action)
    init = Downcalls.of(library, "seccomp_init", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    release = Downcalls.of(library, "seccomp_release", FunctionDescriptor.ofVoid(ADDRESS));
    addArchitecture =
        Downcalls.of(
            library, "seccomp_arch_add", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    // int seccomp_attr_set(scmp_filter_ctx ctx, enum scmp_filter_attr attr, uint32_t value)
    setAttribute =
        Downcalls.of(
            library,
            "seccomp_attr_set",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    // int seccomp_rule_add_array(ctx, uint32_t action, int syscall, unsigned int arg_cnt,
    //                            const struct scmp_arg_cmp *arg_array)
    addRule =
        Downcalls.of(
            library,
            "seccomp_rule_add_array",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    export =
        Downcalls.of(
            library, "seccomp_export_bpf", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    memfdCreate =
        Downcalls.ofLibc("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    pread =
        Downcalls.ofLibc(
            "pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    close = Downcalls.ofLibc("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }
}
