"""The bundle gate: what the frozen program must not hold, and what it must."""

import json
import re
import sys
import uuid
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from build.licences import OURS, Shipped, owners

# Qt modules under the GPL alone, whatever the wheel's metadata say; WebEngine is 260 MB
# of a browser nobody asked for; DarkGarden is a GPL font that reportlab brings along,
# readline and gdbm are GPL libraries of Python's interactive prompt.
FORBIDDEN = re.compile(
    r"VirtualKeyboard|Charts|Qt6?Graphs|DataVisualization|NetworkAuth|HttpServer|WebEngine|Quick3D|Lottie"
    r"|DarkGarden|libreadline|libgdbm",
    re.IGNORECASE,
)
QT = ("Core", "Gui", "Widgets", "Network", "PrintSupport", "Svg")
PLUGINS = {
    "linux": ("qxcb", "qoffscreen", "cupsprintersupport", "qsvgicon", "qsvg", "qjpeg"),
    "win32": ("qwindows", "qoffscreen", "windowsprintersupport", "qsvgicon", "qsvg", "qjpeg"),
}
RESOURCES = ("fonts", "icons", "licenses", "packs", "i18n")
# What makes and tests the program, and must not be in it.
WORKSHOP = {"build", "tests"}


def problems(bundle: Path, parts: Collection[Shipped], modules: Collection[str]) -> list[str]:
    """Words for everything wrong with the folder of the frozen program; empty when it may be shipped.

    `parts` are the packages of build/constraints.txt that are inside, `modules` the top-level modules.
    """
    files = [file for file in bundle.rglob("*") if file.is_file()]
    return [
        *(f"không được có / forbidden: {f.relative_to(bundle)}" for f in files if is_forbidden(f, bundle)),
        *missing_qt(files),
        *missing_plugins(files),
        *unlisted(parts, modules),
        *missing_licences(bundle / "licenses", parts),
        *unexplained(bundle),
        *missing_resources(bundle),
    ]


def is_forbidden(file: Path, bundle: Path) -> bool:
    # Our own icons may be called chart-…; only libraries and data of others are meant.
    inside = file.relative_to(bundle)
    return "resources" not in inside.parts and bool(FORBIDDEN.search(str(inside)))


def missing_qt(files: Iterable[Path]) -> list[str]:
    """Qt must lie in files of its own, so that anyone may replace it (LGPL)."""
    names = {file.name for file in files}
    return [
        f"thiếu thư viện Qt riêng / no separate Qt{part}"
        for part in QT
        if not {f"libQt6{part}.so.6", f"Qt6{part}.dll", f"Qt{part}"} & names
    ]


def missing_plugins(files: Iterable[Path]) -> list[str]:
    """What Qt loads by name at run time: the screen, printers, pictures."""
    names = {file.stem.removeprefix("lib") for file in files if "plugins" in file.parts}
    wanted = PLUGINS.get(sys.platform, ())
    return [f"thiếu phần bổ trợ Qt / no Qt plug-in: {plugin}" for plugin in wanted if plugin not in names]


def unlisted(parts: Iterable[Shipped], modules: Collection[str]) -> list[str]:
    """A package that came along unasked has no licence here and stands on no list of parts."""
    strangers = owners(modules) - {part.name for part in parts} | WORKSHOP & set(modules)
    return [f"không có trong danh sách / not on the list: {name}" for name in sorted(strangers)]


def missing_licences(folder: Path, parts: Iterable[Shipped]) -> list[str]:
    wanted = [text.name for text in OURS.iterdir()] + ["onestop.txt", "NOTICE.txt", "sbom.json"]
    wanted += [f"{package.name}/{text.name}" for package in parts for text in package.texts]
    return [f"thiếu giấy phép / licence missing: {name}" for name in wanted if not (folder / name).is_file()]


def system_libraries(bundle: Path) -> list[Path]:
    """Libraries of the building machine that lie in the bundle (on Linux, beside the packages)."""
    inside = bundle / "_internal"
    return sorted(file for file in inside.glob("lib*.so*") if not file.is_symlink())


def unexplained(bundle: Path) -> list[str]:
    """Every library of the system needs the copyright file of its own package."""
    known = set()
    for text in (bundle / "licenses" / "system").glob("*.txt"):
        known.update(text.read_text(encoding="utf-8").split("\n", 1)[0].split())
    return [
        f"không rõ giấy phép / licence unknown: {library.name}"
        for library in system_libraries(bundle)
        if library.name not in known
    ]


def missing_resources(bundle: Path) -> list[str]:
    root = bundle / "_internal" / "resources"
    return [f"thiếu hoặc trống / empty: resources/{n}" for n in RESOURCES if not any((root / n).glob("*"))]


def sbom(packages: Iterable[Shipped], system: Mapping[str, str]) -> str:
    """The list of parts as CycloneDX 1.5 JSON; the same parts always give the same bytes.

    `system` is Debian package -> version, for the libraries taken from the building machine.
    """
    components = [component(each) for each in packages]
    components += [debian(name, version) for name, version in sorted(system.items())]
    components += [
        inner("SQLCipher", "4", "BSD-3-Clause", "sqlcipher3"),
        inner("OpenSSL", "3.6.0", "Apache-2.0", "sqlcipher3"),
        inner("libpq", "18.6", "PostgreSQL", "psycopg-binary"),
        inner("Qt", "6.11.3", "LGPL-3.0-only", "pyside6-essentials"),
        inner("Python", ".".join(map(str, sys.version_info[:3])), "PSF-2.0", ""),
    ]
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(components))
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "onestop", "bom-ref": "onestop"}},
        "components": components,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def component(package: Shipped) -> dict[str, object]:
    """A package as CycloneDX names it: an expression when there are two licences, else one SPDX id."""
    purl = f"pkg:pypi/{package.name}@{package.version}"
    is_one = " " not in package.licence
    licence = {"license": {"id": package.licence}} if is_one else {"expression": package.licence}
    return {
        "type": "library",
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "licenses": [licence],
        "purl": purl,
    }


def debian(name: str, version: str) -> dict[str, object]:
    """A library of the system; its licence stands in licenses/system/."""
    purl = f"pkg:deb/debian/{name}@{version}"
    licence = {"license": {"name": f"licenses/system/{name}.txt"}}
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "licenses": [licence],
        "purl": purl,
    }


def inner(name: str, version: str, licence: str, inside: str) -> dict[str, object]:
    """A part that comes inside a package."""
    where = [{"name": "inside", "value": inside}] if inside else []
    return {
        "type": "library",
        "bom-ref": f"{name.lower()}@{version}",
        "name": name,
        "version": version,
        "licenses": [{"license": {"id": licence}}],
        "properties": where,
    }
