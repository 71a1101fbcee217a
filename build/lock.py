"""Write both constraints files anew from pyproject.toml: every platform, every hash, no address.

Versions already written are kept unless pyproject.toml asks for others;
`make lock UPGRADE=1` takes the newest of what pyproject.toml leaves open.
"""

import os
import subprocess
import sys

FIXED = (
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--no-annotate",
    "--quiet",
)


def main() -> int:
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") else []
    compile_ = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *FIXED, *upgrade]
    # Tools first: the program's own file then takes the very same versions.
    for extra, target in ((["--extra", "dev"], "constraints-dev.txt"), ([], "constraints.txt")):
        known = ["--constraint", "build/constraints-dev.txt"] if not extra else []
        done = subprocess.run(
            [*compile_, *extra, *known, "--output-file", f"build/{target}"],
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
