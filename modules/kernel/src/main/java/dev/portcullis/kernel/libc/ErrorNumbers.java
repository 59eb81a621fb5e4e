package dev.portcullis.kernel.libc;

/// Numbers of errno(3) that decide something here: asm-generic/errno-base.h and errno.h, x86 and
/// ARM alike.
public final class ErrorNumbers {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int EFBIG = 27;
  public static final int ENOSYS = 38;
  public static final int ELOOP = 40;
  public static final int EMEDIUMTYPE = 124;

  private ErrorNumbers() {}
}
