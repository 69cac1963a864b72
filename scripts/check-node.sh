#!/bin/sh
# After `npm ci`: can the Node.js that was just installed run here? It needs libatomic, which a minimal Debian lacks.
node=node_modules/.bin/node
[ -e "$node" ] || exit 0 # production installations bring their own Node.js
"$node" --version >/dev/null 2>&1 && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  { apt-get -qq -o DPkg::Lock::Timeout=300 update && apt-get -qq -y -o DPkg::Lock::Timeout=300 install libatomic1; } >/dev/null 2>&1
  "$node" --version >/dev/null 2>&1 && exit 0
fi

echo 'The Node.js of this project does not run on this machine:' >&2
"$node" --version >&2
echo 'On Debian or Ubuntu: sudo apt-get install libatomic1' >&2
exit 1
