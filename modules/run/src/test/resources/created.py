"""Waits as an OCI runtime's process does between `create` and `start`, then executes a program.

usage: created.py NAME FILTER NO_NEW_PRIVILEGES CAPABILITIES PROGRAM [ARGUMENT...]

NAME is what it is called while it waits. FILTER is an array of struct sock_filter in hexadecimal, or `-` for none; with
NO_NEW_PRIVILEGES (0 or 1) it is loaded just before the program is executed, as runc does. CAPABILITIES are the numbers of
those that stay in the bounding set, with commas. Says `created` and its number, and executes the program when a line comes.

It is the child of a process that waits for it and ends as it does, as conmon is: a tracer that starts it would share the
news of its stops with whoever waits for its own children, as a JVM does.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2

name, code, no_new_privileges, capabilities = sys.argv[1:5]
program = sys.argv[5:]
libc = ctypes.CDLL(None, use_errno=True)


class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


def prctl(option, *arguments):
    arguments = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    arguments += [ctypes.c_ulong(0)] * (4 - len(arguments))
    result = libc.prctl(ctypes.c_int(option), *arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), f"prctl {option}")
    return result


def load():
    if code != "-":
        content = bytes.fromhex(code)
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(Filter(len(content) // 8, content)))


child = os.fork()
if child:
    _, status = os.waitpid(child, 0)
    os._exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))
prctl(PR_SET_PDEATHSIG, signal.SIGKILL.value)
kept = {int(number) for number in capabilities.split(",") if number}
for number in range(64):
    if number not in kept:
        try:
            prctl(PR_CAPBSET_DROP, number)
        except OSError:
            # This kernel has fewer capabilities.
            break
prctl(PR_SET_NAME, name.encode())
if no_new_privileges == "1":
    prctl(PR_SET_NO_NEW_PRIVS, 1)
else:
    load()
print("created", os.getpid(), flush=True)
if not sys.stdin.readline():
    sys.exit("it was not started")
null = os.open("/dev/null", os.O_RDWR)
for descriptor in range(3):
    os.dup2(null, descriptor)
if no_new_privileges == "1":
    load()
os.execvp(program[0], program)
