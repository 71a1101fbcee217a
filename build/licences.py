"""Which licences the program may ship, and where the text of each stands.

python -m build.licences      fails when a shipped package is not on the list
"""

import importlib.metadata
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ROOT / "resources" / "licenses"

# SPDX names, and the older words that packages still write for them.
ALLOWED = {
    "Apache-2.0": ("apache-2.0", "apache software license", "apache 2.0"),
    "BSD-2-Clause": ("bsd-2-clause",),
    "BSD-3-Clause": ("bsd-3-clause", "bsd license", "bsd"),
    "ISC": ("isc",),
    "LGPL-3.0-only": ("lgpl-3.0-only",),
    "MIT": ("mit", "mit license"),
    "MIT-0": ("mit-0",),
    "MIT-CMU": ("mit-cmu",),
    "MPL-2.0": ("mpl-2.0", "mozilla public license 2.0 (mpl 2.0)"),
    "PSF-2.0": ("psf-2.0",),
    "Zlib": ("zlib",),
}
# Packages whose own metadata do not say it; read in their licence files.
READ = {
    "sqlcipher3": "Zlib",
    "pypdfium2": "BSD-3-Clause",
}
# Wheels without a licence text, or with parts of others inside: ours stand beside it.
TEXTS = {
    "psycopg": ("psycopg-notice.txt", "LGPL-3.0.txt", "GPL-3.0.txt"),
    "psycopg-binary": ("psycopg-notice.txt", "psycopg-libraries.txt", "LGPL-3.0.txt", "GPL-3.0.txt"),
    "pyserial": ("pyserial.txt",),
    "pyside6-essentials": ("qt-notice.txt", "LGPL-3.0.txt", "GPL-3.0.txt"),
    "shiboken6": ("qt-notice.txt", "LGPL-3.0.txt", "GPL-3.0.txt"),
    "sqlcipher3": ("sqlcipher3.txt", "sqlcipher.txt"),
}


@dataclass(frozen=True, slots=True)
class Shipped:
    """A package inside the program: normal name, version, the licence we use it under, its texts."""

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]


def shipped() -> list[Shipped]:
    """The installed packages among those of build/constraints.txt (others are for other systems)."""
    lines = (ROOT / "build" / "constraints.txt").read_text(encoding="ascii").splitlines()
    names = [line.split("==")[0] for line in lines if re.match(r"[a-z0-9]", line)]
    found = []
    for name in names:
        try:
            package = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        found.append(Shipped(name, package.version, licence_of(name, package), texts_of(name, package)))
    return found


def owners(modules: Iterable[str]) -> set[str]:
    """Normal names of the installed packages that bring these top-level modules."""
    known = importlib.metadata.packages_distributions()
    packages = [package for module in modules for package in known.get(module, ())]
    return {re.sub(r"[-_.]+", "-", package).lower() for package in packages}


def licence_of(name: str, package: importlib.metadata.Distribution) -> str:
    """The first allowed licence that the package offers, "" when it offers none."""
    if name in READ:
        return READ[name]
    return choose(stated(package))


def stated(package: importlib.metadata.Distribution) -> str:
    """What the metadata say: the SPDX expression, else the classifiers, else the free text."""
    about = package.metadata
    classifiers = [c.split(" :: ")[-1] for c in about.get_all("Classifier", []) if c.startswith("License")]
    named = [c for c in classifiers if c != "OSI Approved"]
    free = about.get_all("License", [""])[0].split("\n")[0]
    return " ".join(about.get_all("License-Expression", [])) or " OR ".join(named) or free


def choose(expression: str) -> str:
    """`A OR B` gives the first allowed of the two; `A AND B` is allowed only if both are."""
    for offer in re.split(r"\s+OR\s+|;", expression.strip(" ()")):
        parts = [spdx(part) for part in re.split(r"\s+AND\s+|,", offer)]
        if parts and all(parts):
            return " AND ".join(parts)
    return ""


def spdx(words: str) -> str:
    plain = words.strip(" ()").lower()
    return next((name for name, known in ALLOWED.items() if plain in (a.strip(" ()") for a in known)), "")


def texts_of(name: str, package: importlib.metadata.Distribution) -> tuple[Path, ...]:
    """The licence files of a package; the ones we keep for it stand first."""
    kept = [OURS / text for text in TEXTS.get(name, ())]
    inside = [
        Path(str(package.locate_file(file)))
        for file in package.files or ()
        if ".dist-info" in str(file) and re.search(r"licen[sc]e|copying|notice", str(file), re.IGNORECASE)
    ]
    return tuple(kept + inside)


def problems() -> list[str]:
    """Words for each package that may not be shipped as it is."""
    found = []
    for each in shipped():
        if not each.licence:
            package = importlib.metadata.distribution(each.name)
            found.append(f"{each.name}: giấy phép chưa được phép / not allowed: {stated(package)!r}")
        if not any(text.is_file() for text in each.texts):
            found.append(f"{each.name}: thiếu văn bản giấy phép / no licence text")
    return found


def main() -> int:
    found = problems()
    print("\n".join(found) or f"{len(shipped())} gói, giấy phép hợp lệ / packages, all allowed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
