"""Make a fresh clone ready to run: Python, `.venv`, libraries with hashes, Qt's system libraries.

    python3 build/prepare.py          what the program needs
    python3 build/prepare.py --dev    and what tests and packing need

Standard library only, and written so that an old Python can still read it and say
what is missing. What it cannot do itself it says in words, with the one command to type.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
RUN = ROOT / "build" / "constraints.txt"
DEV = ROOT / "build" / "constraints-dev.txt"
OLDEST = (3, 11)
PYTHONS = ("python3.11", "python3.12", "python3.13", "python3", "python")

# Shared library of the system -> Debian/Ubuntu package that brings it. The first
# group is needed by every Qt program, the others by a window on X11 and by printing.
NEEDED = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libX11.so.6": "libx11-6",
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libgcc_s.so.1": "libgcc-s1",
    "libstdc++.so.6": "libstdc++6",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
WINDOW = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libSM.so.6": "libsm6",
    "libICE.so.6": "libice6",
    "libcups.so.2": "libcups2",
}
PACKAGES = {**NEEDED, **WINDOW}

QT_PARTS = (
    "lib/libQt6Core.so.6",
    "lib/libQt6Gui.so.6",
    "lib/libQt6Widgets.so.6",
    "lib/libQt6Svg.so.6",
    "lib/libQt6Network.so.6",
    "lib/libQt6PrintSupport.so.6",
    "plugins/platforms/libqoffscreen.so",
)
QT_WINDOW_PARTS = ("plugins/platforms/libqxcb.so", "plugins/printsupport/libcupsprintersupport.so")

TRY_QT = (
    "from PySide6 import QtGui, QtNetwork, QtPrintSupport, QtSvg, QtWidgets\n"
    "app = QtWidgets.QApplication(['onestop'])\n"
    "assert QtGui.QGuiApplication.platformName() == 'offscreen'\n"
)


class Missing(Exception):
    """Something the person has to do first; the text says what."""


def say(text: str) -> None:
    print(text, flush=True)


def main(arguments: list[str]) -> int:
    dev = "--dev" in arguments
    for stream in (sys.stdout, sys.stderr):  # redirected on Windows they know no Vietnamese
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        prepare_venv()
        install(dev)
        check_qt()
    except Missing as missing:
        print(f"\n{missing}\n", file=sys.stderr)
        return 1
    return 0


# --- Python and .venv


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def version_of(python: str) -> tuple[int, ...]:
    """(3, 11) of a Python that starts, () of anything else."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=60, check=True)
        return tuple(int(part) for part in answer.stdout.split())
    except (OSError, ValueError, subprocess.SubprocessError):
        return ()


def has_pip(python: str) -> bool:
    """Debian ships Python without the part that fills a new environment."""
    done = subprocess.run([python, "-c", "import venv, ensurepip"], capture_output=True, check=False)
    return done.returncode == 0


def find_python() -> str:
    """The first Python that is new enough, one that can fill an environment if there is one."""
    # First the one that reads this: on Windows it is often on no path. Not the one inside .venv.
    own = getattr(sys, "_base_executable", None) or sys.executable
    paths = [own, *map(shutil.which, PYTHONS)]
    found = [path for path in paths if path and version_of(path) >= OLDEST]
    if not found:
        raise Missing(
            "Cần Python 3.11 trở lên, máy này chưa có. Trên Debian/Ubuntu, hãy gõ:\n"
            "Python 3.11 or newer is needed. On Debian/Ubuntu type:\n\n"
            f"    {as_root()}apt-get install python3 python3-venv"
        )
    return next((path for path in found if has_pip(path)), found[0])


def prepare_venv() -> None:
    python = str(venv_python())
    if version_of(python) >= OLDEST and has_module(python, "pip"):
        return
    source = find_python()
    if not has_pip(source):
        source = add_venv_package(source)
    say(f"Đang tạo môi trường .venv bằng {source} …")
    command = [source, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise Missing(
            f"Không tạo được thư mục .venv trong {ROOT}.\n"
            "Hãy kiểm tra quyền ghi và chỗ trống trên ổ đĩa rồi chạy lại.\n"
            "Cannot make .venv: check write permission and free space.\n\n"
            f"{last_lines(done.stdout + done.stderr)}"
        )


def has_module(python: str, module: str) -> bool:
    done = subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False)
    return done.returncode == 0


def add_venv_package(python: str) -> str:
    """As root on Debian/Ubuntu add python3-venv; else say so."""
    major, minor = version_of(python)
    package = f"python{major}.{minor}-venv"
    if not may_install():
        raise Missing(
            "Python trên máy này thiếu phần venv. Hãy gõ:\n"
            "Python's venv part is missing. Type:\n\n"
            f"    {as_root()}apt-get install python3-venv"
        )
    apt_install([package])
    if not has_pip(python):
        raise Missing(
            f"Đã cài {package} nhưng {python} vẫn chưa tạo được môi trường.\n"
            f"{package} is installed but {python} still has no ensurepip."
        )
    return python


# --- Libraries


def stamp_of(dev: bool) -> Path:
    return VENV / (".prepared-dev" if dev else ".prepared-run")


def digest_of(dev: bool) -> str:
    return hashlib.sha256((DEV if dev else RUN).read_bytes()).hexdigest()


def is_installed(dev: bool) -> bool:
    stamp = stamp_of(dev)
    return stamp.is_file() and stamp.read_text(encoding="ascii") == digest_of(dev)


def install(dev: bool) -> None:
    """Install with hashes; nothing at all is done when nothing has changed."""
    if is_installed(dev):
        return
    say("Đang cài thư viện (lần đầu tải khoảng 200 MB, vài phút) …")
    command = [str(venv_python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "--only-binary", ":all:", "--require-hashes", "-r", str(DEV if dev else RUN)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise Missing(words_for_pip(done.stdout + done.stderr))
    # The tools' file holds every line of the program's own.
    for each in {dev, False}:
        stamp_of(each).write_text(digest_of(each), encoding="ascii")


def words_for_pip(output: str) -> str:
    """Why pip failed, for a person. The order matters: pip reports several things at once."""
    causes = (
        (
            r"DO NOT MATCH THE HASHES",
            "Tệp tải về không khớp mã băm đã ghi: đã DỪNG, không cài gì. Hãy báo người quản trị.\n"
            "A downloaded file does not match its recorded hash: nothing was installed.",
        ),
        (
            r"No space left|Disk quota",
            "Ổ đĩa đầy. Hãy chừa ít nhất 2 GB rồi chạy lại.\nThe disk is full: free 2 GB and run again.",
        ),
        (
            r"name resolution|Name or service|Max retries|ConnectionError|NewConnectionError|unreachable"
            r"|timed out|Connection refused|ProxyError|SSLError|from versions: none",
            "Không tải được thư viện: máy chưa vào được mạng hoặc máy chủ gói không trả lời.\n"
            "Hãy kiểm tra mạng, proxy rồi chạy lại lệnh cũ; phần đã tải không mất.\n"
            "The libraries cannot be downloaded: check the line or proxy and run the same command again.",
        ),
        (
            r"No matching distribution|Could not find a version",
            "Kho gói đang dùng không có bản thư viện cho máy hoặc bản Python này.\n"
            "The package index has no build for this machine or this Python.",
        ),
    )
    words = "Cài thư viện không thành công.\nInstalling the libraries failed."
    for pattern, text in causes:
        if re.search(pattern, output):
            words = text
            break
    return f"{words}\n\n{last_lines(output)}"


def last_lines(text: str, count: int = 6) -> str:
    lines = [line.strip()[:160] for line in text.splitlines() if line.strip()]
    return "\n".join(f"    | {line}" for line in lines[-count:])


# --- Qt's system libraries


def check_qt() -> None:
    """Qt needs libraries of the system that a bare machine lacks."""
    stamp = VENV / ".prepared-qt"
    if sys.platform.startswith("linux"):
        if stamp.is_file() and not missing_libraries(QT_WINDOW_PARTS):
            return
        add_libraries()
    problem = try_qt()
    if problem:
        raise Missing(
            f"Qt chưa chạy được trên máy này.\nQt does not start on this machine.\n\n{last_lines(problem)}"
        )
    stamp.write_text("ok", encoding="ascii")


def add_libraries() -> None:
    needed = missing_libraries(QT_PARTS)
    wanted = missing_libraries(QT_WINDOW_PARTS)
    missing = sorted(needed | wanted)
    if not missing:
        return
    packages = sorted({PACKAGES[name] for name in missing if name in PACKAGES})
    if may_install() and packages:
        apt_install(packages)
    elif needed or os.environ.get("DISPLAY"):
        raise Missing(
            f"Cửa sổ cần các thư viện hệ thống: {', '.join(missing)}. Hãy gõ:\n"
            "Qt needs these system libraries. On Debian/Ubuntu type:\n\n"
            f"    {as_root()}apt-get install --no-install-recommends {' '.join(packages)}"
        )


def missing_libraries(parts: tuple[str, ...]) -> set[str]:
    """Names that `ldd` cannot find for these parts of Qt; Qt's own libraries stand beside them."""
    folder = qt_folder()
    ldd = shutil.which("ldd")
    if folder is None or ldd is None:
        return set()
    missing: set[str] = set()
    for part in parts:
        if (folder / part).exists():
            done = subprocess.run([ldd, str(folder / part)], capture_output=True, text=True, check=False)
            missing.update(re.findall(r"^\s*(\S+) => not found", done.stdout, re.MULTILINE))
    return missing


def qt_folder() -> Path | None:
    return next(iter(VENV.glob("lib/python3*/site-packages/PySide6/Qt")), None)


def try_qt() -> str:
    """ "" when a window program starts without a screen, else what it said."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [str(venv_python()), "-c", TRY_QT]
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", env=environment, check=False
    )
    return "" if done.returncode == 0 else (done.stdout + done.stderr or f"exit code {done.returncode}")


# --- apt


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def as_root() -> str:
    return "" if is_root() else "sudo "


def may_install() -> bool:
    return is_root() and shutil.which("apt-get") is not None


def apt_install(packages: list[str]) -> None:
    say(f"Đang cài thư viện hệ thống: {' '.join(packages)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    # A stale index with the package in it is good enough, so only the second answer counts.
    subprocess.run([*command, "update"], capture_output=True, env=environment, check=False)
    command += ["install", "-y", "--no-install-recommends", *packages]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        raise Missing(
            "Không cài được thư viện hệ thống; hãy kiểm tra mạng rồi gõ:\n"
            "System libraries could not be installed; check the line and type:\n\n"
            f"    apt-get update && apt-get install --no-install-recommends {' '.join(packages)}\n\n"
            f"{last_lines(done.stdout + done.stderr)}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
