"""Where each project keeps its default profile, at each of its releases."""

import functools
import json
import re
import subprocess

from catalogue import Catalogue, Source
from entries import Unknown, of_go, of_json


@functools.cache
def contents_of_go(own, library=None):
    """Most releases have what the one before had."""
    return of_go({"": own} if library is None else {"": own, "seccomp": library})


class Repository:
    """A clone, or a mirror, on this machine."""

    def __init__(self, directory, name):
        self.directory, self.name = directory, name

    def git(self, *arguments):
        done = subprocess.run(
            ["git", "-C", self.directory, *arguments], capture_output=True, text=True, check=False, timeout=60)
        return done.stdout if done.returncode == 0 else None

    def tags(self, pattern, least):
        """Releases in order, from the least: pairs of version and tag."""
        found = []
        for tag in (self.git("tag") or "").split():
            match = re.fullmatch(pattern, tag)
            if match and numbers(match.group(1)) >= least:
                found.append((match.group(1), tag))
        return sorted(found, key=lambda each: numbers(each[0]))

    def show(self, tag, *paths):
        """The text and the path of the first of these files that there is."""
        for path in paths:
            text = self.git("show", f"{tag}:{path}")
            if text is not None:
                return text, path
        raise Unknown(f"{self.name} {tag} has none of {', '.join(paths)}")

    def source(self, tag, path):
        commit, date = self.git("log", "-1", "--format=%H %cs", tag).split()
        return Source(tag, commit, date, path, self.name)


def numbers(version):
    return tuple(int(each) for each in version.split("."))


def containerd(at):
    repository = Repository(at("containerd"), "containerd/containerd")
    found = Catalogue(header("containerd", "containerd, by release", "Apache-2.0"))
    for version, tag in repository.tags(r"v(\d+\.\d+\.\d+)", (1, 6, 0)):
        text, path = repository.show(tag, "contrib/seccomp/seccomp_default.go")
        found.add(version, contents_of_go(text), repository.source(tag, path))
    return found


def docker(at):
    repository = Repository(at("moby"), "moby/moby")
    found = Catalogue(header("docker", "Docker Engine, by release", "Apache-2.0"))
    for version, tag in repository.tags(r"(?:docker-)?v(\d+\.\d+\.\d+)", (20, 10, 0)):
        text, path = repository.show(
            tag, "profiles/seccomp/default_linux.go", "vendor/github.com/moby/profiles/seccomp/default_linux.go")
        contents = contents_of_go(text)
        beside = repository.git("show", f"{tag}:profiles/seccomp/default.json")
        if beside is not None and of_json(json.loads(beside)).key() != contents.key():
            raise Unknown(f"{tag}: default.json says something else than {path}")
        found.add(version, contents, repository.source(tag, path))
    return found


def podman(at):
    before = Repository(at("common"), "containers/common")
    since = Repository(at("container-libs"), "containers/container-libs")
    found = Catalogue(header("podman", "Podman, by releases of its library containers/common", "Apache-2.0"))
    for repository, pattern, path in (
            (before, r"v(\d+\.\d+\.\d+)", "pkg/seccomp/seccomp.json"),
            (since, r"common/v(\d+\.\d+\.\d+)", "common/pkg/seccomp/seccomp.json")):
        for version, tag in repository.tags(pattern, (0, 40, 0)):
            if numbers(version) >= (1, 0, 0):
                continue    # v1.0.1 is a tag of 2020, of another numbering
            text, _ = repository.show(tag, path)
            contents = of_json(json.loads(text))
            beside, _ = repository.show(tag, path.replace("seccomp.json", "default_linux.go"))
            if contents_of_go(beside).key() != contents.key():
                raise Unknown(f"{tag}: default_linux.go says something else than {path}")
            found.add(version, contents, repository.source(tag, path))
    return found


def crio(at):
    repository = Repository(at("cri-o"), "cri-o/cri-o")
    found = Catalogue(header("crio", "CRI-O, by release", "Apache-2.0"))
    for version, tag in repository.tags(r"v(\d+\.\d+\.\d+)", (1, 20, 0)):
        library, path = repository.show(
            tag,
            "vendor/go.podman.io/common/pkg/seccomp/default_linux.go",
            "vendor/github.com/containers/common/pkg/seccomp/default_linux.go",
            "vendor/github.com/seccomp/containers-golang/seccomp_default_linux.go")
        own, changed = repository.show(tag, "internal/config/seccomp/seccomp.go")
        if "func DefaultProfile()" in own:
            contents = contents_of_go(own, library)
            path = f"{path}, changed by {changed}"
        elif "seccomp.DefaultProfile()" in own:
            contents = contents_of_go(library)
        else:
            raise Unknown(f"{tag}: {changed} has no default profile")
        found.add(version, contents, repository.source(tag, path))
    return found


ALL = {"containerd": containerd, "docker": docker, "podman": podman, "crio": crio}


def header(name, title, licence):
    return f"""# The default profile of {title}.
# Facts that tools/defaults read in the project's sources (licence: {licence}); README.md there says
# what the lines mean. Made, not written: to change it, change the tool and run it again.
runtime {name}"""
