"""What the benches share: contenders in turn, medians, markdown tables."""

import json
import pathlib
import re
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DOCUMENT = ROOT / "docs/performance.md"


def build(directory, targets):
    """Builds the release preset's targets, unless another build directory was asked for."""
    if directory != ROOT / "build/release":
        return
    if not (directory / "build.ninja").exists():
        subprocess.run(["cmake", "--preset", "release"], cwd=ROOT, check=True, stdout=sys.stderr)
    subprocess.run(["cmake", "--build", directory, "--target", *targets], check=True, stdout=sys.stderr)


def has_packages():
    """Installs the pinned npm packages once; false (and a word why) where that is not possible."""
    if (HERE / "node_modules").is_dir():
        return True
    try:
        return subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE, stdout=sys.stderr).returncode == 0
    except FileNotFoundError:
        print("npm is not installed: the contenders written for node are left out", file=sys.stderr)
        return False


def json_of(command, log, **more):
    """Runs a command and reads the JSON it prints; ends the bench with the log's end when it fails."""
    with open(log, "ab") as errors:
        run = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=errors, text=True, **more)
    if run.returncode != 0:
        sys.stderr.write(pathlib.Path(log).read_text(errors="replace")[-3000:])
        sys.exit(f"failed: {' '.join(map(str, command))}\n{run.stdout}")
    return json.loads(run.stdout)


def median(runs, key):
    return statistics.median(run[key] for run in runs)


def table(heads, rows):
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [heads, ["---"] * len(heads), *rows]) + "\n"


def publish(name, text, update):
    """Prints a table; with update also puts it between its marks in docs/performance.md."""
    print(text)
    if not update:
        return
    document = DOCUMENT.read_text()
    block = f"<!-- {name} -->\n{text}<!-- end {name} -->"
    document, count = re.subn(f"<!-- {name} -->.*?<!-- end {name} -->", lambda _: block, document, flags=re.DOTALL)
    if count != 1:
        sys.exit(f"{DOCUMENT} has no place for {name}")
    DOCUMENT.write_text(document)
