"""Waits in one system call, made without the C library, and says what came of it.

usage: waiting.py KIND SECONDS FILE, for x86_64.

Writes `KIND: result errno waited`, the last of them whether it waited long enough.
"""

import ctypes
import os
import select
import signal
import struct
import sys
import threading
import time

kind, seconds, file = sys.argv[1], float(sys.argv[2]), sys.argv[3]
libc = ctypes.CDLL(None, use_errno=True)
length = seconds
held = []


class Timespec(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("fraction", ctypes.c_long)]


def timespec(of, unit=1_000_000_000):
    return ctypes.byref(Timespec(int(of), int((of - int(of)) * unit)))


def call(number, *args):
    ctypes.set_errno(0)
    args = [ctypes.c_long(a) if isinstance(a, int) else a for a in args]
    result = libc.syscall(ctypes.c_long(number), *args)
    return result, ctypes.get_errno()


def timer():
    """A descriptor that can be read when the time is over: timerfd_create, timerfd_settime."""
    fd, _ = call(283, time.CLOCK_MONOTONIC, 0)
    setting = (Timespec * 2)(Timespec(0, 0), Timespec(int(seconds), 0))
    call(286, fd, 0, ctypes.byref(setting), None)
    return fd


def epoll(*descriptors):
    watch = select.epoll()
    for descriptor in descriptors:
        watch.register(descriptor, select.EPOLLIN)
    held.append(watch)
    return watch.fileno()


def handled(after):
    signal.signal(signal.SIGALRM, lambda number, frame: None)
    signal.setitimer(signal.ITIMER_REAL, after)


def child():
    pid = os.fork()
    if pid == 0:
        time.sleep(seconds)
        os._exit(0)
    return pid


begin = time.clock_gettime(time.CLOCK_MONOTONIC)
if kind == "nanosleep":
    came = call(35, timespec(seconds), None)
elif kind == "clock_nanosleep":
    came = call(230, time.CLOCK_MONOTONIC, 0, timespec(seconds), None)
elif kind == "clock_nanosleep-absolute":
    came = call(230, time.CLOCK_MONOTONIC, 1, timespec(begin + seconds), None)
elif kind == "poll":
    came = call(7, None, 0, int(seconds * 1000))
elif kind == "ppoll":
    came = call(271, None, 0, timespec(seconds), None, 0)
elif kind == "select":
    came = call(23, 0, None, None, None, timespec(seconds, 1_000_000))
elif kind == "pselect6":
    came = call(270, 0, None, None, None, timespec(seconds), None)
elif kind == "futex":
    # FUTEX_WAIT | FUTEX_PRIVATE_FLAG
    came = call(202, ctypes.byref(ctypes.c_int(0)), 128, 0, timespec(seconds), None, 0)
elif kind == "futex-absolute":
    # FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG
    came = call(202, ctypes.byref(ctypes.c_int(0)), 137, 0, timespec(begin + seconds), None, -1)
elif kind == "epoll_wait":
    came = call(232, epoll(timer()), ctypes.create_string_buffer(12), 1, -1)
elif kind == "epoll_wait-timed":
    # Its stop would be noticed; there is another thread.
    threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
    came = call(232, epoll(), ctypes.create_string_buffer(12), 1, int(seconds * 1000))
elif kind == "notify":
    # seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER): mkdir is asked for.
    program = struct.pack(
        "HBBIHBBIHBBIHBBI", 32, 0, 0, 0, 21, 0, 1, 83, 6, 0, 0, 0x7FC00000, 6, 0, 0, 0x7FFF0000
    )
    program = ctypes.create_string_buffer(program)
    fprog = struct.pack("HxxxxxxP", 4, ctypes.addressof(program))
    call(157, 38, 1, 0, 0, 0)
    call(317, 1, 8, ctypes.create_string_buffer(fprog))
    came = call(83, b"/nowhere/asked", 0)
elif kind == "epoll_pwait2":
    came = call(441, epoll(timer()), ctypes.create_string_buffer(12), 1, None, None, 8)
elif kind == "rt_sigtimedwait":
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    signal.setitimer(signal.ITIMER_REAL, seconds)
    alarm = ctypes.byref(ctypes.c_ulong(1 << (signal.SIGALRM - 1)))
    came = call(128, alarm, None, None, 8)
elif kind == "read":
    came = call(0, timer(), ctypes.create_string_buffer(8), 8)
elif kind == "wait4":
    pid = child()
    result, errno = call(61, pid, None, 0, None)
    came = (result == pid, errno)
elif kind == "pause-handler":
    handled(seconds)
    came = call(34)
elif kind == "nanosleep-handler":
    length = seconds / 2
    handled(length)
    came = call(35, timespec(seconds), None)
elif kind == "epoll_wait-handler":
    handled(seconds)
    came = call(232, epoll(), ctypes.create_string_buffer(12), 1, -1)
else:
    sys.exit("no such kind: " + kind)
waited = time.clock_gettime(time.CLOCK_MONOTONIC) - begin
with open(file, "a") as out:
    out.write(f"{kind}: {int(came[0])} {came[1]} {waited >= length}\n")
