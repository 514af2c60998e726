#!/bin/sh
# Runs a script of this checkout on a machine that has python3 and no Node, with what carry.mjs packed:
#   sh test/gpu/unpack.sh build/ts/test/gpu/run.js --device cuda
set -e
cd "$(dirname "$0")/../.."
# Unpacked once for each state of the archives.
stamp=$(cksum .carry/*.xz | cksum)
if [ "$(cat .carry/unpacked 2>/dev/null)" != "$stamp" ]; then
  python3 - <<'PYTHON'
import lzma, os, shutil, tarfile
with lzma.open('.carry/node.xz') as packed, open('.carry/node', 'wb') as node:
    shutil.copyfileobj(packed, node)
os.chmod('.carry/node', 0o755)
if os.path.islink('node_modules'):
    os.unlink('node_modules')
with tarfile.open('.carry/built.tar.xz') as built:
    built.extractall('.')
PYTHON
  printf %s "$stamp" > .carry/unpacked
fi
exec .carry/node "$@"
