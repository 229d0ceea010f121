#!/bin/bash
# unpack-debian.sh SUITE CACHE WANTED PACKAGE...
#
# Unpacks the first PACKAGE of a Debian suite, further PACKAGEs and the libraries that they need into
# CACHE/PACKAGE-VERSION, and makes its programs start with these libraries on an older Debian. Needs no root, and does
# not change the apt and dpkg state of the machine.
#
# WANTED   the version or its beginning: 4.3 matches 4.3.6, but not 4.30.0; empty matches any version
# CACHE    an existing absolute path; do not move its contents, because the programs contain this path
#
# Prints the folder. A failed run leaves nothing behind. Exit code 3: the suite has another version, which is printed.
set -euo pipefail
suite=$1 cache=$2 wanted=$3
shift 3
[ "$(id -u)" != 0 ] || umask 022

staging=$(mktemp -d "$cache/unpack-XXXXXX")
trap 'rm -rf "$staging"' EXIT
chmod 755 "$staging"
apt=$staging/apt
mkdir -p "$apt"/{lists/partial,archives/partial,empty} "$staging/debs" "$staging/root"

mirror=$(sed -n 's/^URIs:[[:space:]]*//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -n1)
[ -n "$mirror" ] || mirror=$(sed -nE 's/^deb (\[[^]]*\] )?([^ ]+) [a-z]+ main.*/\2/p' /etc/apt/sources.list 2>/dev/null | head -n1)
[ -n "$mirror" ] || { echo "no Debian mirror in /etc/apt" >&2; exit 1; }
key=/usr/share/keyrings/debian-archive-keyring.gpg
# experimental contains only the differences from sid.
for each in "$suite" $([ "$suite" = experimental ] && echo sid); do
  echo "deb [signed-by=$key] $mirror $each main"
done > "$apt/sources.list"
: > "$apt/status"
# Absolute paths: apt falls back to the machine's own configuration when it cannot read this one. Hooks can be removed
# with #clear only.
cat > "$apt/apt.conf" <<CONF
Dir::State "$apt"; Dir::State::lists "$apt/lists/"; Dir::State::status "$apt/status"; Dir::Log "$apt";
Dir::Cache "$apt"; Dir::Cache::archives "$apt/archives/"; Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";
Dir::Etc::sourcelist "$apt/sources.list"; Dir::Etc::sourceparts "$apt/empty";
Dir::Etc::preferences "$apt/none"; Dir::Etc::preferencesparts "$apt/empty";
APT::Default-Release "$suite"; APT::Install-Recommends "false"; APT::Sandbox::User "$(id -un)";
Acquire::Languages "none"; Acquire::Retries "3";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
CONF
export APT_CONFIG=$apt/apt.conf

apt-get -qq update
# epoch:upstream-revision; Debian's own additions to the upstream part begin with + or ~.
version=$(apt-cache policy "$1" | sed -nE 's/^ *Candidate: ([0-9]+:)?([0-9.]+).*/\2/p')
[ -n "$version" ] || { echo "$suite has no $1" >&2; exit 1; }
[[ -z $wanted || $version. == "$wanted".* ]] || { echo "$version"; exit 3; }
folder=$cache/$1-$version
[ ! -e "$folder" ] || { echo "$folder"; exit 0; }

# Keep only programs and shared libraries of everything that would be installed: no systemd, passwd, pam or python.
names=$(apt-get --print-uris -y install "$@" | sed -nE "s/^'[^']*' ([^_]+)_.*/\1/p" |
  grep -E '^(rabbitmq-server|erlang-.+|(redis|valkey)-.+|libatomic1|libc6|libcap2|libgcc-s1|libjemalloc2|liblzf1|libsctp1|libssl[0-9t]+.*|libstdc\+\+6|libsystemd0|libtinfo6|libzstd1|zlib1g)$')
(cd "$staging/debs" && apt-get -qq download $names)
for deb in "$staging"/debs/*.deb; do dpkg -x "$deb" "$staging/root"; done

# Every program becomes NAME.elf next to a script NAME, which starts it through the unpacked loader. Unlike
# LD_LIBRARY_PATH, this is not inherited by the machine's own programs that it starts.
cd "$staging/root"
# Older suites keep some libraries in /lib.
[ ! -d lib ] || { cp -a lib/. usr/lib/ && rm -rf lib; }
libraries=$(echo usr/lib/*-linux-gnu)
loader=$(ls "$libraries"/ld-linux-*.so.* | head -n1)
{ find usr/bin -type f -perm -100; find usr/lib/erlang -type f -path '*bin/*' -perm -100 2>/dev/null || true; } |
  while IFS= read -r file; do
    [ "$(head -c4 "$file" | tail -c3)" = ELF ] || continue
    mv "$file" "$file.elf"
    printf '#!/bin/sh\nexec "%s" --argv0 "$0" --library-path "%s" "%s" "$@"\n' \
      "$folder/$loader" "$folder/$libraries" "$folder/$file.elf" > "$file"
    chmod 755 "$file"
  done
# The second one is for nodes that a node starts.
for erl in usr/lib/erlang/bin/erl usr/lib/erlang/erts-*/bin/erl; do
  [ ! -e "$erl" ] || sed -i "s#ROOTDIR=/usr/lib/erlang#ROOTDIR=$folder/usr/lib/erlang#" "$erl"
done
rm -rf usr/share/doc usr/share/man
chmod 755 "$staging/root"
mv "$staging/root" "$folder"
echo "$folder"
