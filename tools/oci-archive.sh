#!/bin/sh
# Writes a container image as one tar: an OCI image layout, with the manifest.json that `docker load` reads, too. The same
# files give the same bytes: names are sorted, every time is SOURCE_DATE_EPOCH, every owner is root.
# usage: SOURCE_DATE_EPOCH=SECONDS tools/oci-archive.sh OUTPUT NAME CONFIG ROOT LAYER...
#   NAME    what the image is called, with its tag
#   CONFIG  a file with the members of the image's configuration but rootfs and history, without the outer braces
#   ROOT    the directory with the files of the image
#   LAYER   a file that lists paths below ROOT, one a line, directories without what is in them; the lowest layer first

set -eu
LC_ALL=C
export LC_ALL
umask 022
: "${SOURCE_DATE_EPOCH:?}"
output=$1 name=$2 config=$3 root=$4
shift 4

work=$(mktemp -d "$output.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
blobs=$work/archive/blobs/sha256
mkdir -p "$blobs"

digest() { sha256sum "$1" | cut -d ' ' -f 1; }
size() { stat -c %s "$1"; }
pack() { tar --create --format=ustar --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner "$@"; }

# Takes a file into the blobs; $blob is then its digest, $bytes its size.
keep() {
  blob=$(digest "$1")
  bytes=$(size "$1")
  mv "$1" "$blobs/$blob"
}
append() { printf '%s%s%s' "$1" "${1:+,}" "$2"; }

ids='' descriptors='' paths='' history=''
created=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
for layer; do
  sort "$layer" >"$work/list"
  pack --no-recursion --verbatim-files-from --directory "$root" --files-from "$work/list" >"$work/layer.tar"
  ids=$(append "$ids" "\"sha256:$(digest "$work/layer.tar")\"")
  gzip --no-name -6 "$work/layer.tar"
  keep "$work/layer.tar.gz"
  descriptors=$(append "$descriptors" \
    "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"sha256:$blob\",\"size\":$bytes}")
  paths=$(append "$paths" "\"blobs/sha256/$blob\"")
  history=$(append "$history" "{\"created\":\"$created\",\"created_by\":\"${layer##*/}\"}")
done

printf '{"created":"%s",%s,"rootfs":{"type":"layers","diff_ids":[%s]},"history":[%s]}' \
  "$created" "$(cat "$config")" "$ids" "$history" >"$work/config"
keep "$work/config"
described=$blob
printf '[{"Config":"blobs/sha256/%s","RepoTags":["%s"],"Layers":[%s]}]' "$described" "$name" "$paths" \
  >"$work/archive/manifest.json"

printf '{"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"%s","digest":"sha256:%s","size":%s},"layers":[%s]}' \
  application/vnd.oci.image.manifest.v1+json application/vnd.oci.image.config.v1+json "$described" "$bytes" \
  "$descriptors" >"$work/manifest"
keep "$work/manifest"

# containerd takes the name from the first annotation, podman from the second.
printf '{"schemaVersion":2,"mediaType":"%s","manifests":[{"mediaType":"%s","digest":"sha256:%s","size":%s,"annotations":{"%s":"%s","%s":"%s"}}]}' \
  application/vnd.oci.image.index.v1+json application/vnd.oci.image.manifest.v1+json "$blob" "$bytes" \
  io.containerd.image.name "$name" org.opencontainers.image.ref.name "$name" >"$work/archive/index.json"
printf '{"imageLayoutVersion":"1.0.0"}' >"$work/archive/oci-layout"

pack --sort=name --directory "$work/archive" blobs index.json manifest.json oci-layout >"$work/image.tar"
mv "$work/image.tar" "$output"
