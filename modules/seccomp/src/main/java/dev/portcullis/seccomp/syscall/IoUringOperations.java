package dev.portcullis.seccomp.syscall;

import java.util.List;

/// What io_uring does without a system call, so that no filter sees it.
public final class IoUringOperations {
  /// The call that makes a ring.
  public static final String SETUP = "io_uring_setup";

  /// What has an operation of its own (`IORING_OP_*`, io_uring_enter(2) and linux/io_uring.h).
  public static final List<String> CALLS =
      List.of(
          "accept4",
          "bind",
          "connect",
          "fallocate",
          "fsetxattr",
          "ftruncate",
          "futex_wait",
          "getxattr",
          "linkat",
          "listen",
          "mkdirat",
          "openat",
          "openat2",
          "read",
          "recvmsg",
          "renameat2",
          "sendmsg",
          "setsockopt",
          "setxattr",
          "shutdown",
          "socket",
          "splice",
          "statx",
          "symlinkat",
          "tee",
          "unlinkat",
          "waitid",
          "write");

  private IoUringOperations() {}
}
