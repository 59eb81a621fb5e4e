# Copies the documents into a package. Read by tools/deb.
# shellcheck shell=sh

# Copies what users read into the directory $1, which has the pages of docs/ at its top as HelpText names them, and what they refer
# to beside them. A link to what is not there, as a source file, becomes plain text.
copy_docs() {
  mkdir -p "$1/decisions" "$1/examples"
  cp -r examples/. "$1/examples/"
  cp docs/*.png "$1/"
  for page in ARCHITECTURE.md SECURITY.md; do
    sed 's|](docs/|](|g' "$page" >"$1/$page"
  done
  for page in docs/*.md; do
    sed 's|](\.\./|](|g' "$page" >"$1/${page#docs/}"
  done
  for page in docs/decisions/*.md; do
    sed 's|](\.\./\.\./|](../|g' "$page" >"$1/${page#docs/}"
  done
  sed 's|](\.\./docs/|](../|g' examples/README.md >"$1/examples/README.md"
  for page in "$1"/*.md "$1"/*/*.md; do
    awk -v directory="${page%/*}" '
      BEGIN { RS = "\001" }
      {
        rest = $0
        out = ""
        while (match(rest, /\]\([^() \n]+\)/)) {
          before = out substr(rest, 1, RSTART - 1)
          link = substr(rest, RSTART, RLENGTH)
          rest = substr(rest, RSTART + RLENGTH)
          path = substr(link, 3, length(link) - 3)
          sub(/#.*/, "", path)
          if (path == "" || path ~ /^[a-z]+:/ || !system("test -e \"" directory "/" path "\"")) {
            out = before link
          } else {
            begin = length(before)
            while (begin > 0 && substr(before, begin, 1) != "[") begin--
            out = substr(before, 1, begin - 1) substr(before, begin + 1)
          }
        }
        printf "%s", out rest
      }' "$page" >"$page.new" && mv "$page.new" "$page" || return
  done
}
