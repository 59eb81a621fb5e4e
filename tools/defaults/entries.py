"""What a default profile says, as entries: one call each, with its outcome, the conditions on its arguments and when it holds."""

from dataclasses import dataclass, field, replace

from go_source import Reader, Unknown

ERRNOS = {"EPERM": 1, "EINVAL": 22, "ENOSYS": 38}
ERRNO_NAMES = {number: name for name, number in ERRNOS.items()}

# linux/sched.h, linux/socket.h and linux/netlink.h; they are the same on every architecture.
KERNEL = {
    "CLONE_NEWNS": 0x20000,
    "CLONE_NEWCGROUP": 0x2000000,
    "CLONE_NEWUTS": 0x4000000,
    "CLONE_NEWIPC": 0x8000000,
    "CLONE_NEWUSER": 0x10000000,
    "CLONE_NEWPID": 0x20000000,
    "CLONE_NEWNET": 0x40000000,
    "AF_NETLINK": 16,
    "AF_ALG": 38,
    "AF_VSOCK": 40,
    "NETLINK_AUDIT": 9,
    **ERRNOS,
}
ACTIONS = {"ActAllow": "allow", "ActErrno": "errno", "SCMP_ACT_ALLOW": "allow", "SCMP_ACT_ERRNO": "errno"}
OPERATORS = {
    "OpEqualTo": "==", "OpNotEqual": "!=", "OpLessThan": "<", "OpGreaterThan": ">", "OpMaskedEqual": "&",
    "SCMP_CMP_EQ": "==", "SCMP_CMP_NE": "!=", "SCMP_CMP_LT": "<", "SCMP_CMP_GT": ">", "SCMP_CMP_MASKED_EQ": "&",
}
# What GOARCH can be, and what Docker's format calls the same architecture.
GOARCH = {
    "386": "x86", "amd64": "amd64", "arm": "arm", "arm64": "arm64", "loong64": "loong64", "mips": "mips",
    "mipsle": "mipsel", "mips64": "mips64", "mips64le": "mipsel64", "ppc64": "ppc64", "ppc64le": "ppc64le",
    "riscv64": "riscv64", "s390": "s390", "s390x": "s390x",
}


@dataclass(frozen=True)
class Guard:
    """When an entry is taken at all: all of these must hold."""

    having: frozenset = frozenset()      # all of these capabilities
    lacking: frozenset = frozenset()     # none of these capabilities
    on: frozenset = frozenset()          # one of these architectures; none means any
    not_on: frozenset = frozenset()
    kernel: str = ""                     # this version or a later one

    def text(self):
        parts = []
        if self.having:
            parts.append("with " + short(self.having))
        if self.lacking:
            parts.append("without " + short(self.lacking))
        if self.on:
            parts.append("on " + ",".join(sorted(self.on)))
        if self.not_on:
            parts.append("not-on " + ",".join(sorted(self.not_on)))
        if self.kernel:
            parts.append("since " + self.kernel)
        return " ".join(parts)

    def both(self, other):
        if self.kernel and other.kernel and self.kernel != other.kernel:
            raise Unknown("two versions of the kernel")
        if self.on and other.on and self.on != other.on:
            raise Unknown("two lists of architectures")
        return Guard(
            self.having | other.having, self.lacking | other.lacking, self.on | other.on, self.not_on | other.not_on,
            self.kernel or other.kernel)


def short(capabilities):
    for each in capabilities:
        if not each.startswith("CAP_"):
            raise Unknown(each)
    return ",".join(sorted(each.removeprefix("CAP_") for each in capabilities))


@dataclass(frozen=True)
class Entry:
    call: str
    outcome: str        # "allow", or "errno ENOSYS"
    arguments: str      # as "a0==0x0"; empty where any will do
    guard: Guard

    def group(self):
        when = self.guard.text()
        return self.outcome + (" " + when if when else "")

    def text(self):
        return self.call + (f"({self.arguments})" if self.arguments else "")


@dataclass
class Contents:
    default: str
    machines: dict = field(default_factory=dict)   # an architecture and those that its filters are for, too
    entries: list = field(default_factory=list)
    seen: set = field(default_factory=set)

    def key(self):
        """The same for profiles that differ in nothing but the order of calls."""
        return self.default, tuple(sorted(self.machines.items())), tuple(sorted(self.by_call().items()))

    def by_call(self):
        found = {}
        for entry in self.entries:
            found.setdefault(entry.call, []).append((entry.group(), entry.text()))
        return {call: in_order(of) for call, of in found.items()}


def in_order(of):
    """What is said of a call; where all of it has the same outcome, its order means nothing."""
    return tuple(of if len({outcome_of(group) for group, _ in of}) > 1 else sorted(of))


def outcome_of(group):
    return " ".join(group.split(" ")[:2]) if group.startswith("errno ") else group.split(" ")[0]


def add(contents, names, outcome, arguments, guard):
    for name in names:
        entry = Entry(name, outcome, arguments, guard)
        if entry not in contents.seen:
            contents.seen.add(entry)
            contents.entries.append(entry)


def outcome(action, errno):
    if action == "allow":
        return action
    return "errno " + ERRNO_NAMES[1 if errno is None else errno]


def condition(index, operator, value, two):
    if operator == "&":
        return f"a{index}&{value:#x}=={two & value:#x}"
    return f"a{index}{operator}{value:#x}"


# ---- Docker's JSON ----

def of_json(document):
    """A file in Docker's format."""
    known = {"defaultAction", "defaultErrno", "defaultErrnoRet", "archMap", "syscalls"}
    if set(document) - known:
        raise Unknown(f"fields {set(document) - known}")
    contents = Contents(outcome(ACTIONS[document["defaultAction"]], errno_of(document, "defaultErrno")))
    for each in document["archMap"] or []:
        machine(contents, each["architecture"].removeprefix("SCMP_ARCH_").lower(),
                [sub.removeprefix("SCMP_ARCH_").lower() for sub in each["subArchitectures"] or []])
    for rule in document["syscalls"]:
        known = {"names", "name", "action", "args", "comment", "includes", "excludes", "errno", "errnoRet"}
        if set(rule) - known:
            raise Unknown(f"fields {set(rule) - known}")
        names = rule.get("names") or [rule["name"]]
        arguments = ",".join(
            condition(each["index"], OPERATORS[each["op"]], each["value"], each.get("valueTwo", 0))
            for each in rule.get("args") or [])
        add(contents, names, outcome(ACTIONS[rule["action"]], errno_of(rule, "errno")), arguments,
            guard_of(rule.get("includes") or {}, rule.get("excludes") or {}))
    return contents


def errno_of(fields, key):
    name = fields.get(key)
    return ERRNOS[name] if name else fields.get(key + "Ret")


def machine(contents, name, others):
    """An architecture whose filters are for itself alone is the same as none."""
    if others:
        contents.machines[name] = " ".join(sorted(others))


def guard_of(includes, excludes):
    if set(includes) | set(excludes) > {"caps", "arches", "minKernel"} or "minKernel" in excludes:
        raise Unknown(f"{includes} {excludes}")
    return Guard(
        frozenset(includes.get("caps") or ()), frozenset(excludes.get("caps") or ()),
        frozenset(includes.get("arches") or ()), frozenset(excludes.get("arches") or ()),
        includes.get("minKernel") or "")


# ---- Go ----

class Choice:
    """A value that depends on the architecture: one on some, another on all others."""

    def __init__(self, on, there, elsewhere):
        self.on, self.there, self.elsewhere = on, there, elsewhere


class Has:
    """Whether the container has a capability."""

    def __init__(self, capability, negated=False):
        self.capability, self.negated = capability, negated


class Since:
    """Whether the kernel is of a version or later."""

    def __init__(self, version):
        self.version = version


class Symbol:
    """Something that is known only where the profile is made."""

    def __init__(self, name):
        self.name = name

    def is_goarch(self):
        return self.name == "GOARCH"


class Returned(Exception):
    def __init__(self, value):
        super().__init__()
        self.value = value


class Go:
    """Runs a function that makes a profile, with every container, kernel and architecture at once."""

    def __init__(self, sources):
        """@param sources texts of a package by the name that it has where it is used; "" for its own"""
        self.functions = {}
        for package, text in sources.items():
            for name, body in Reader(text).functions().items():
                self.functions[f"{package}.{name}" if package else name] = body

    def profile(self, name):
        return Fields(self.call(name))

    def call(self, name, package=""):
        body = self.functions[name]
        if isinstance(body, Unknown):
            raise body
        scope = Scope(self, name.rpartition(".")[0] or package)
        try:
            scope.run(body, Guard())
        except Returned as returned:
            return returned.value
        raise Unknown(f"{name} returns nothing")


class Scope:
    def __init__(self, go, package):
        self.go, self.package, self.names = go, package, {}

    def run(self, statements, guard):
        for each in statements:
            getattr(self, "run_" + each[0])(guard, *each[1:])

    def run_several(self, guard, statements):
        self.run(statements, guard)

    def run_return(self, guard, value):
        made = self.value(value, guard)
        if guard != Guard():
            raise Unknown("a return under a condition")
        raise Returned(made)

    def run_do(self, guard, expression):
        self.value(expression, guard)

    def run_set(self, guard, left, right):
        value = None if right is None else self.value(right, guard)
        if len(left) > 1:
            value = value if isinstance(value, tuple) else (value,)
            for each, part in zip(left, value, strict=True):
                self.assign(each, part, guard)
        else:
            self.assign(left[0], value, guard)

    def assign(self, left, value, guard):
        if left[0] == "name":
            name = left[1]
            if guard == Guard() or name not in self.names:
                self.names[name] = value
            elif guard == Guard(having=guard.having) and len(guard.having) == 1 and value is True and self.names[name] is False:
                self.names[name] = Has(next(iter(guard.having)))
            elif guard == Guard(on=guard.on):
                self.names[name] = Choice(guard.on, value, self.names[name])
            else:
                raise Unknown(f"{name} is set under {guard.text()}")
        elif left[0] == "field":
            self.value(left[1], guard)[left[2]] = value
        else:
            raise Unknown(f"{left[0]} is set")

    def run_if(self, guard, before, test, then, otherwise):
        if before:
            self.run([before], guard)
        value = self.value(test, guard)
        if value is True:
            self.run(then, guard)
        elif value is False:
            self.run(otherwise, guard)
        else:
            if otherwise:
                raise Unknown("an else of what is known only later")
            self.run(then, guard.both(self.guard(value)))

    @staticmethod
    def guard(value):
        if isinstance(value, Has):
            one = frozenset([value.capability])
            return Guard(lacking=one) if value.negated else Guard(having=one)
        if isinstance(value, Since):
            return Guard(kernel=value.version)
        if isinstance(value, Guard):
            return value
        raise Unknown(f"a condition: {value}")

    def run_switch(self, guard, subject, cases):
        symbol = self.value(subject, guard)
        if not isinstance(symbol, Symbol):
            raise Unknown("a switch over a value")
        named = set()
        for values, statements in cases:
            texts = None if values is None else {self.value(each, guard) for each in values}
            if symbol.is_goarch():
                if texts is None:
                    # Known only as it comes last.
                    inner = Guard(not_on=frozenset(GOARCH[each] for each in named if each in GOARCH))
                else:
                    named |= texts
                    on = frozenset(GOARCH[each] for each in texts if each in GOARCH)
                    if not on:
                        continue    # no GOARCH is called so: it never holds
                    inner = Guard(on=on)
                self.run_case(guard.both(inner), statements, symbol)
            else:
                for each in sorted(texts or ()):
                    self.run_case(guard.both(Guard(having=frozenset([each]))), statements, symbol)

    def run_case(self, guard, statements, symbol):
        if len(statements) == 1 and statements[0][0] == "return":
            # arches(): what is returned depends on the architecture alone.
            value = self.value(statements[0][1], guard)
            self.names.setdefault("", {})[(guard.on, guard.not_on)] = value
            return
        self.run(statements, guard)

    def run_for(self, guard, names, over, block):
        value = self.value(over, guard)
        if isinstance(value, Symbol):
            self.names[names[-1]] = value
            self.run(block, guard)
            return
        for each in value:
            self.names[names[-1]] = each
            self.run(block, guard)

    # ---- expressions ----

    def value(self, tree, guard):
        return getattr(self, "value_" + tree[0])(guard, *tree[1:])

    def value_name(self, guard, name):
        if name in self.names:
            return self.names[name]
        if name in ("true", "false"):
            return name == "true"
        if name == "nil":
            return None
        return Symbol(name)

    def value_text(self, guard, text):
        return text

    def value_number(self, guard, number):
        return number

    def value_function(self, guard, block):
        self.run(block, guard)

    def value_field(self, guard, of, name):
        if of == ("name", "unix") or of == ("name", "syscall"):
            return KERNEL[name]
        if of == ("name", "runtime") and name == "GOARCH":
            return Symbol("GOARCH")
        inner = self.value(of, guard)
        if isinstance(inner, Symbol):
            return Symbol(name)
        return inner[name] if isinstance(inner, dict) else getattr(inner, name)

    def value_index(self, guard, of, index):
        return self.value(of, guard)[self.value(index, guard)]

    def value_unary(self, guard, sign, of):
        value = self.value(of, guard)
        if sign in "&*":
            return value
        if sign == "!" and isinstance(value, Has):
            return Has(value.capability, not value.negated)
        raise Unknown(f"{sign}{value}")

    def value_binary(self, guard, sign, left, right):
        one, two = self.value(left, guard), self.value(right, guard)
        if isinstance(one, Symbol) and one.is_goarch() and sign == "==":
            return Guard(on=frozenset([GOARCH[two]]))
        if isinstance(one, Guard) and isinstance(two, Guard) and sign == "||":
            return Guard(on=one.on | two.on)
        if sign == "==" and one is None and two is None:
            return True     # no error
        if isinstance(one, (int, str)) and isinstance(two, (int, str)):
            return {"|": lambda: one | two, "+": lambda: one + two, "==": lambda: one == two, "!=": lambda: one != two}[sign]()
        raise Unknown(f"{one} {sign} {two}")

    def value_call(self, guard, function, arguments):
        name = function[1] if function[0] == "name" else function[2]
        package = function[1][1] if function[0] == "field" and function[1][0] == "name" else self.package
        if name in ("uint", "append", "Do", "removeStringFromSlice", "validateSyscallIndex", "GreaterEqualThan", "panic", "Fatalf"):
            return getattr(self, "call_" + name)(guard, [self.value(each, guard) for each in arguments])
        full = f"{package}.{name}" if package else name
        if full not in self.go.functions:
            raise Unknown(f"the function {full}")
        if full.endswith("arches"):
            return self.arches(full)
        return self.go.call(full, package)

    def arches(self, full):
        body = self.go.functions[full]
        if isinstance(body, Unknown):
            raise body
        scope = Scope(self.go, self.package)
        try:
            scope.run(body, Guard())
        except Returned as returned:
            return returned.value
        return scope.names[""]

    def call_uint(self, guard, values):
        return values[0]

    def call_append(self, guard, values):
        return values[0] + [{**each, "guard": guard} for each in values[1:]]

    def call_Do(self, guard, values):
        return None

    def call_GreaterEqualThan(self, guard, values):
        return Since(f"{values[0]['Kernel']}.{values[0]['Major']}"), None

    def call_panic(self, guard, values):
        raise Unknown(f"the profile's own check fails: {values}")

    call_Fatalf = call_panic

    def call_validateSyscallIndex(self, guard, values):
        profile, name, parent, index = values
        if profile["Syscalls"][parent]["Names"][index] != name:
            raise Unknown(f"{name} is not at {parent}, {index}")

    def call_removeStringFromSlice(self, guard, values):
        names, index = values
        names[index] = names[-1]    # what it returns is dropped: the last one is there twice then

    def value_literal(self, guard, kind, parts):
        if any(key is not None for key, _ in parts):
            return {key[1]: self.value(value, guard) for key, value in parts}
        values = [self.value(value, guard) for _, value in parts]
        if kind is not None and kind[-1] == "KernelVersion":
            return {"Kernel": values[0], "Major": values[1]}
        if values and kind is None and all(isinstance(each, (int, str)) for each in values):
            return {"Name": values[0], "ParentStructIndex": values[1], "Index": values[2]}
        return values


class Fields:
    """The profile that a function returned, as contents."""

    def __init__(self, value):
        self.value = value

    def contents(self):
        value = flat(self.value)
        errno = value.get("DefaultErrno")
        contents = Contents(outcome(action(value["DefaultAction"]), ERRNOS[errno] if errno else value.get("DefaultErrnoRet")))
        for name, others in machines(value):
            machine(contents, name, others)
        for each in value["Syscalls"]:
            rule(contents, flat(each))
        return contents


def flat(value):
    """Without the embedded struct of the OCI specification."""
    for inner in ("LinuxSyscall", "LinuxSeccomp"):
        if inner in value:
            value = {**value[inner], **{key: each for key, each in value.items() if key != inner}}
    return value


def action(symbol):
    return ACTIONS[symbol.name]


def arch(symbol):
    return symbol.name.removeprefix("Arch").lower()


def machines(value):
    if "ArchMap" in value:
        for each in value["ArchMap"]:
            yield arch(each["Arch"]), [arch(sub) for sub in each["SubArches"] or []]
    else:
        natives = {"amd64": "x86_64", "arm64": "aarch64", "loong64": "loongarch64"}
        for (on, _), list_of in value["Architectures"].items():
            for each in sorted(on):
                own = natives.get(each, each)
                names = [arch(symbol) for symbol in list_of]
                if own not in names:
                    raise Unknown(f"{each} is not for itself")
                yield own, [name for name in names if name != own]


def rule(contents, value):
    known = {"Names", "Name", "Action", "Args", "Includes", "Excludes", "Errno", "ErrnoRet", "Comment", "guard"}
    if set(value) - known:
        raise Unknown(f"fields {set(value) - known}")
    errno = value.get("Errno")
    includes, excludes = value.get("Includes") or {}, value.get("Excludes") or {}
    kernel = includes.get("MinKernel")
    guard = value.get("guard", Guard()).both(guard_of(
        {"caps": includes.get("Caps"), "arches": includes.get("Arches"),
         "minKernel": f"{kernel['Kernel']}.{kernel['Major']}" if kernel else ""},
        {"caps": excludes.get("Caps"), "arches": excludes.get("Arches")}))
    says = outcome(action(value["Action"]), ERRNOS[errno] if errno else value.get("ErrnoRet"))
    names = value.get("Names") or [value["Name"]]
    arguments = value.get("Args") or []
    choices = [each["Index"] for each in arguments if isinstance(each["Index"], Choice)]
    ways = [(guard, lambda index: index)]
    if choices:
        on = choices[0].on
        ways = [(replace(guard, not_on=guard.not_on | on), lambda index: index.elsewhere),
                (replace(guard, on=on), lambda index: index.there)]
    for when, index in ways:
        add(contents, names, says,
            ",".join(condition(index(each["Index"]), OPERATORS[each["Op"].name], each["Value"], each.get("ValueTwo", 0))
                     for each in arguments), when)


def of_go(sources, function="DefaultProfile"):
    """@param sources texts of a package by the name that it has where it is used; "" for the one of the function"""
    return Go(sources).profile(function).contents()
