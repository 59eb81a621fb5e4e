"""Writes the contents of default profiles and the versions that have them: docs/decisions/0040 says how, and why so."""

import re
from dataclasses import dataclass

from entries import Contents, Unknown, in_order

WIDTH = 100


@dataclass(frozen=True)
class Source:
    """Where a version was read."""

    tag: str
    commit: str
    date: str
    file: str
    repository: str


@dataclass(frozen=True)
class Version:
    numbers: tuple
    text: str

    @staticmethod
    def of(text):
        return Version(tuple(int(each) for each in text.split(".")), text)


def ranges(versions, every):
    """Versions in order, as "1.6.0-1.6.6": each range stays within a minor version, and leaves out none that there is."""
    found = []
    for version in versions:
        before = every[every.index(version) - 1] if every.index(version) else None
        if found and found[-1][1] == before and before.numbers[:2] == version.numbers[:2]:
            found[-1][1] = version
        else:
            found.append([version, version])
    return " ".join(first.text if first is last else f"{first.text}-{last.text}" for first, last in found)


class Catalogue:
    """All contents of the default profile of one runtime."""

    def __init__(self, header):
        self.header = header
        self.of_version = {}

    def add(self, version, contents, source):
        self.of_version[Version.of(version)] = (contents, source)

    def text(self):
        every = sorted(self.of_version, key=lambda each: each.numbers)
        distinct = {}
        for version in every:
            distinct.setdefault(self.of_version[version][0].key(), []).append(version)
        written, parts = [], [self.header]
        for versions in distinct.values():
            contents, source = self.of_version[versions[0]]
            parts.append(self.part(versions, every, contents, source, written))
            written.append((versions[0], contents))
        return "\n".join(parts) + "\n"

    def part(self, versions, every, contents, source, written):
        whole = lines(Contents("", {}, []), contents, "")
        best, base = whole, None
        for version, before in written:
            changed = lines(before, contents, "+ ", "- ")
            if len("\n".join(changed)) <= len("\n".join(best)):
                best, base = changed, version
        name = versions[0].text
        head = f"\ncontents {name}" + (f" from {base.text}" if base else "")
        said = wrapped("versions: " + ranges(versions, every), "    ")
        where = f"  source: {source.repository} {source.tag} {source.commit} {source.date}\n    {source.file}"
        return "\n".join([head, said, where, *best])


def lines(before, after, plus, minus=""):
    """What makes one of the other, a line for each outcome and condition."""
    found = []
    if before.default != after.default:
        found.append(f"  {plus}otherwise {after.default}")
    for name, others in sorted(before.machines.items()):
        if after.machines.get(name) != others:
            found.append(f"  {minus}machine {name}: {others}")
    for name, others in sorted(after.machines.items()):
        if before.machines.get(name) != others:
            found.append(f"  {plus}machine {name}: {others}")
    stay = set(before.entries) & set(after.entries)
    anew = moved(before, after)
    stay = {each for each in stay if each.call not in anew}
    gone = [each for each in before.entries if each not in stay]
    new = [each for each in after.entries if each not in stay]
    for mark, entries in ((minus, gone), (plus, new)):
        groups = {}
        for each in entries:
            groups.setdefault(each.group(), []).append(each)
        for group, of in groups.items():
            found.append(wrapped(f"{mark}{group}: " + " ".join(each.text() for each in stable(of)), "    "))
    return found


def moved(before, after):
    """Calls of which something new would come too late at the end: they are said anew as a whole."""
    old, new, found = of_calls(before), of_calls(after), set()
    for call in old.keys() & new.keys():
        kept = [each for each in old[call] if each in new[call]]
        said = kept + [each for each in new[call] if each not in kept]
        if in_order(pairs(said)) != in_order(pairs(new[call])):
            found.add(call)
    return found


def of_calls(contents):
    found = {}
    for each in contents.entries:
        found.setdefault(each.call, []).append(each)
    return found


def pairs(entries):
    return [(each.group(), each.text()) for each in entries]


def stable(entries):
    """By name; what is said of one call stays in its order."""
    return sorted(entries, key=lambda each: each.call)


def wrapped(text, indent):
    words, out, line = text.split(" "), [], "  "
    for word in words:
        if len(line) + len(word) + 1 > WIDTH and line.strip():
            out.append(line.rstrip())
            line = indent
        line += word + " "
    out.append(line.rstrip())
    return "\n".join(out)


# ---- the way back, as a check ----

ENTRY = re.compile(r"([^\s(]+(?:\([^)]*\))?)")


def read(text):
    """The contents in a catalogue's text by version: by_call() and the rest, to hold against what was written."""
    found, ranges_of, current = {}, {}, None
    for line in unwrapped(text):
        if line.startswith("contents "):
            words = line.split()
            current = words[1]
            base = found[words[3]] if len(words) > 2 else ("", {}, {})
            found[current] = (base[0], dict(base[1]), {call: list(of) for call, of in base[2].items()})
        elif line.startswith("versions: "):
            ranges_of[current] = line.removeprefix("versions: ").split()
        elif current is None or line.startswith("source: "):
            continue
        else:
            mark = line[:2] if line[:2] in ("+ ", "- ") else "+ "
            change(found, current, mark, line.removeprefix(mark) if line.startswith(mark) else line)
    return found, ranges_of


def unwrapped(text):
    joined = []
    for line in text.splitlines():
        if line.startswith("    ") and joined:
            joined[-1] += " " + line.strip()
        elif line.strip() and not line.startswith("#"):
            joined.append(line.strip())
    return joined


def change(found, current, mark, line):
    default, machines, calls = found[current]
    head, _, rest = line.partition(": ")
    if head.startswith("otherwise "):
        found[current] = (head.removeprefix("otherwise "), machines, calls)
    elif head.startswith("machine "):
        name = head.removeprefix("machine ")
        if mark == "- ":
            del machines[name]
        else:
            machines[name] = rest
    else:
        for text in ENTRY.findall(rest):
            of = calls.setdefault(text.partition("(")[0], [])
            if mark == "- ":
                of.remove((head, text))
            else:
                of.append((head, text))


def check(catalogue, text):
    """Fails where the text does not say of each version what was read of it, in the order of each call."""
    found, ranges_of = read(text)
    where = {}
    for name, all_of in ranges_of.items():
        for each in all_of:
            first, _, last = each.partition("-")
            where[name] = where.get(name, []) + [(Version.of(first), Version.of(last or first))]
    for version, (contents, _) in catalogue.of_version.items():
        names = [name for name, of in where.items() if any(a.numbers <= version.numbers <= b.numbers for a, b in of)]
        if len(names) != 1:
            raise Unknown(f"{version.text} is in {names}")
        default, machines, calls = found[names[0]]
        said = {call: in_order(of) for call, of in calls.items() if of}
        if (default, machines, said) != (contents.default, contents.machines, contents.by_call()):
            calls = [call for call in contents.by_call() if said.get(call) != contents.by_call()[call]]
            raise Unknown(f"{version.text} is not what was read: {calls or (default, machines)}")
