"""Make the frozen program in dist/onestop, pass the bundle gate, and let it test itself.

python -m build.package
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from build import gate
from build.licences import OURS, ROOT, Shipped, owners, shipped

DIST = ROOT / "dist"
BUNDLE = DIST / "onestop"
# On Windows a program with a window has no terminal to write to: its commands have one of their own.
PROGRAM = BUNDLE / ("onestop-console.exe" if os.name == "nt" else "onestop")


def main() -> int:
    began = time.perf_counter()
    if not freeze():
        return 1
    slim()
    modules = modules_inside()
    parts = [package for package in shipped() if package.name in owners(modules)]
    add_licences(parts)
    system = add_system_licences()
    (BUNDLE / "licenses" / "sbom.json").write_text(gate.sbom(parts, system), encoding="utf-8")
    found = gate.problems(BUNDLE, parts, modules)
    if found:
        print("Không qua cổng đóng gói / bundle gate:\n  " + "\n  ".join(found))
        return 1
    size = sum(file.lstat().st_size for file in BUNDLE.rglob("*") if file.is_file()) / 1e6
    print(f"dist/onestop: {size:.0f} MB, {time.perf_counter() - began:.0f} s; đang tự kiểm tra …", flush=True)
    return selftest()


def freeze() -> bool:
    """Run PyInstaller; its log stays in dist/work/pyinstaller.log and is shown when it fails."""
    work = DIST / "work"
    work.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(BUNDLE, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(DIST), "--workpath", str(work), str(ROOT / "build" / "onestop.spec")]
    with (work / "pyinstaller.log").open("w", encoding="utf-8") as log:
        done = subprocess.run(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        print((work / "pyinstaller.log").read_text(encoding="utf-8")[-4000:])
    return done.returncode == 0


def slim() -> None:
    """Take the debugger's tables out of the one library that is shipped with them: 11 MB become 1."""
    strip = shutil.which("strip")
    for library in (BUNDLE / "_internal" / "zstandard").glob("*.so"):
        if strip:
            subprocess.run([strip, "--strip-debug", str(library)], check=True)


def modules_inside() -> set[str]:
    """Top-level modules of the frozen program: in its archive, and as folders and libraries beside it."""
    from PyInstaller.archive.readers import CArchiveReader

    archive = CArchiveReader(str(PROGRAM)).open_embedded_archive("PYZ.pyz")
    beside = [file.name for file in (BUNDLE / "_internal").iterdir()]
    return {name.split(".")[0] for name in (*archive.toc, *beside)}


def add_licences(parts: list[Shipped]) -> None:
    """One folder beside the program: our texts, then one folder for each package."""
    folder = BUNDLE / "licenses"
    shutil.copytree(OURS, folder, dirs_exist_ok=True)
    shutil.copy(ROOT / "LICENSE", folder / "onestop.txt")
    shutil.copy(ROOT / "NOTICE", folder / "NOTICE.txt")
    for package in parts:
        for number, text in enumerate(package.texts):
            target = folder / package.name
            target.mkdir(exist_ok=True)
            # Two texts of a package may bear the same name in different folders.
            name = text.name if not (target / text.name).exists() else f"{number}-{text.name}"
            shutil.copy(text, target / name)


def add_system_licences() -> dict[str, str]:
    """The copyright file of each Debian package whose library is inside, headed by the libraries' names.

    Gives the version of each such package.
    """
    libraries: dict[str, list[str]] = {}
    for library in gate.system_libraries(BUNDLE):
        libraries.setdefault(debian_package(library.name), []).append(library.name)
    folder = BUNDLE / "licenses" / "system"
    folder.mkdir(exist_ok=True)
    versions = {}
    for package, names in libraries.items():
        source = Path("/usr/share/doc") / package / "copyright"
        if package and source.is_file():
            words = source.read_text(encoding="utf-8", errors="replace")
            (folder / f"{package}.txt").write_text(f"{' '.join(names)}\n\n{words}", encoding="utf-8")
            versions[package] = dpkg("--show", "--showformat", "${Version}", package)
    return versions


def debian_package(library: str) -> str:
    """`libz.so.1` -> `zlib1g`; "" where there is no dpkg or nobody owns it."""
    return dpkg("--search", f"*/{library}").split(":", 1)[0].split(",")[0].strip()


def dpkg(*question: str) -> str:
    if not shutil.which("dpkg-query"):
        return ""
    return subprocess.run(["dpkg-query", *question], capture_output=True, text=True, check=False).stdout


def selftest() -> int:
    """The frozen program checks its own parts: as on an office machine, no Python in its way."""
    kept = ("PATH", "HOME", "TMPDIR", "TEMP", "SYSTEMROOT", "LOCALAPPDATA", "LANG")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    return subprocess.run([str(PROGRAM), "selftest"], env=environment, cwd=DIST, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
