#!/bin/sh
# Brings what a help desk needs onto a Debian 12 machine and unpacks Znuny (Debian's package otrs2) into a folder.
# Usage: packages.sh FOLDER   (root; prints nothing but the progress of apt; does nothing if all is there)
#
# The package itself is unpacked and not installed: its post-installation script wants a database and a web server at
# fixed places. Its archive section (non-free) is read through a private list, so the machine's sources stay as they are.
set -eu

folder=${1:?usage: packages.sh FOLDER}
here=$(dirname "$(readlink -f "$0")")
wanted=$(grep -v '^#' "$here/packages.txt")
export DEBIAN_FRONTEND=noninteractive

. /etc/os-release
if [ "${VERSION_CODENAME:-}" != bookworm ]; then
  echo "packages.sh: this is ${PRETTY_NAME:-an unknown system}; the package otrs2 exists in Debian 12 (bookworm) only" >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo 'packages.sh: only root can install packages' >&2
  exit 1
fi

mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9

missing() {
  for package in $wanted; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

forbid_services() {
  # Debian starts a service when its package is installed: here, nothing may listen on a public port.
  [ -e /usr/sbin/policy-rc.d ] && return
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
}

absent=$(missing)
if [ -n "$absent" ]; then
  forbid_services
  apt-get -q -o DPkg::Lock::Timeout=300 update
  # shellcheck disable=SC2086
  apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install --no-install-recommends $absent
fi

if [ ! -d "$folder/otrs" ]; then
  private="$folder/apt"
  rm -rf "$private" "$folder/unpacked" "$folder/otrs.new"
  # The mirror that this machine takes bookworm from.
  mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Identifier: Packages' |
    awk '$1 == "bookworm" && $2 == "main" { print $3; exit }')
  if [ -z "$mirror" ]; then
    echo 'packages.sh: the apt sources of this machine do not list bookworm main' >&2
    exit 1
  fi
  mkdir -p "$private/parts" "$private/lists/partial" "$private/cache"
  cat >"$private/parts/non-free.sources" <<SOURCE
Types: deb
URIs: $mirror
Suites: bookworm
Components: non-free
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCE
  privately="-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$private/parts -o Dir::State::Lists=$private/lists
    -o Dir::Cache=$private/cache -o APT::Sandbox::User=root"
  cd "$private"
  # shellcheck disable=SC2086
  apt-get -q $privately update
  # shellcheck disable=SC2086
  apt-get -q $privately download otrs2
  dpkg-deb -x otrs2_*.deb "$folder/unpacked"

  # The package spreads the help desk over /usr, /etc, /var and /run by symbolic links; here it is one folder again,
  # as its authors ship it, so that any copy of the folder is a help desk of its own.
  home="$folder/otrs.new"
  cp -rP "$folder/unpacked/usr/share/otrs" "$home"
  rm -f "$home/var" "$home/Kernel/Config.pm" "$home/Kernel/Config/Files" "$home/Kernel/Config/Backups" \
    "$home/Kernel/Config/GenericAgent.pm"
  cp -rP "$folder/unpacked/var/lib/otrs" "$home/var"
  mv "$home/var/Config/Files" "$home/Kernel/Config/Files"
  rm -rf "$home/var/run" "$home/var/spool" "$home/var/Config"
  mkdir -p "$home/Kernel/Config/Backups" "$home/var/run" "$home/var/spool" "$home/Custom"
  chmod -R a+rX "$home"
  mv "$home" "$folder/otrs"
  rm -rf "$private" "$folder/unpacked"
fi
