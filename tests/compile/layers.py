#!/usr/bin/python3
"""Checks that the layers hold: what a layer may include compiles, everything else does not.

    layers.py COMPILER SOURCE_DIRECTORY INCLUDE_PATHS      (ctest calls it; INCLUDE_PATHS comes from CMakeLists.txt)
"""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# What each layer may include besides itself: the table of docs/architecture.md. `base` has no row above it.
ALLOWED = {
    "base": set(),
    "sdp": {"base"},
    "xmpp": {"base"},
    "jingle": {"base", "sdp", "xmpp"},
    "roster": {"base", "xmpp"},
    "call": {"base", "sdp", "xmpp", "jingle", "roster"},
    "net": set(),
    "web": {"base", "sdp", "xmpp", "jingle", "roster", "call", "net"},
    "auth": {"base", "xmpp", "roster"},
    "component": {"base", "sdp", "xmpp", "jingle", "roster", "call", "net", "web", "auth"},
}
NESTED = {"auth": "component/auth", "call": "jingle/call", "net": "component/net", "web": "component/web"}
FOLDERS = {layer: NESTED.get(layer, layer) for layer in ALLOWED}
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


class Check:
    def __init__(self, compiler: str, root: Path, include_paths: Path) -> None:
        self.compiler = compiler
        self.root = root
        self.paths = {layer: paths.split(":") for layer, _, paths in
                      (line.partition("=") for line in include_paths.read_text().splitlines())}

    def headers(self, layer: str) -> list[str]:
        folder = FOLDERS[layer]
        return sorted(f"{folder}/{path.name}" for path in (self.root / folder).glob("*.hpp"))

    def compile(self, layer: str, includes: list[str], *flags: str) -> subprocess.CompletedProcess[str]:
        return self.run(layer, "".join(f'#include "{name}"\n' for name in includes), *flags)

    def preprocess(self, layer: str, source: str) -> subprocess.CompletedProcess[str]:
        return self.run(layer, source, "-E", "-P")

    def run(self, layer: str, source: str, *flags: str) -> subprocess.CompletedProcess[str]:
        path = [f"-I{directory}" for directory in self.paths[layer] if directory]
        return subprocess.run([self.compiler, "-std=c++20", "-x", "c++", *flags, *path, "-"], input=source,
                              capture_output=True, text=True, check=False, cwd="/")  # "x" is looked for here, too

    def allowed(self, layer: str) -> str | None:
        """All headers of the layer and of those below it, in one file."""
        names = [name for other in sorted(ALLOWED[layer] | {layer}) for name in self.headers(other)]
        done = self.compile(layer, names, "-fsyntax-only")
        return None if done.returncode == 0 else f"{layer} may include these, but: {done.stderr[:2000]}"

    def forbidden(self, layer: str, other: str) -> str | None:
        """No header of the other layer is found; for the first of them that is also the reason for which it fails."""
        names = self.headers(other)
        found = self.preprocess(layer, "".join(f'#if __has_include("{name}")\n{name}\n#endif\n' for name in names))
        for line in found.stdout.splitlines():
            if line in names:
                return f"{layer} must not include {line}, but that compiles"
        done = self.compile(layer, names[:1], "-E", "-o", "/dev/null")
        if done.returncode == 0 or f"{names[0]}: No such file" not in done.stderr:
            return f"{names[0]} fails in {layer} for another reason, or not at all: {done.stderr[:500]}"
        return None

    def spelled(self, layer: str) -> str | None:
        """Every quoted include starts at the root; a relative one would get round the include path."""
        wrong = []
        for source in sorted((self.root / FOLDERS[layer]).glob("*.[ch]pp")):
            for name in INCLUDE.findall(source.read_text()):
                folder = name.rpartition("/")[0]
                target = next((other for other, own in FOLDERS.items() if own == folder), None)
                if target is None or target not in ALLOWED[layer] | {layer} or ".." in name:
                    wrong.append(f'{source.relative_to(self.root)}: "{name}"')
        return f"includes that do not follow the layers: {', '.join(wrong)}" if wrong else None


def main() -> int:
    check = Check(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    jobs = {}
    skipped = 0
    with ThreadPoolExecutor(2) as pool:
        for layer, below in ALLOWED.items():
            jobs[f"{layer} includes itself and {', '.join(sorted(below)) or 'nothing else'}"] = pool.submit(check.allowed, layer)
            jobs[f"{layer} spells its includes from the root"] = pool.submit(check.spelled, layer)
            for other in sorted(set(ALLOWED) - below - {layer}):
                if check.headers(other):
                    jobs[f"{layer} cannot include {other}"] = pool.submit(check.forbidden, layer, other)
                else:
                    skipped += 1
    failed = 0
    for what, job in jobs.items():
        problem = job.result()
        failed += problem is not None
        print(f"{'FAIL' if problem else 'ok  '} {what}" + (f": {problem}" if problem else ""))
    print(f"{len(jobs) - failed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
