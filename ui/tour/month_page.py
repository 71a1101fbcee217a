"""The page that tells part two: each scene with its pictures, and what did not come out as it should."""

import json
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Scene:
    """`pictures`: files in `pictures/`, or a page beside."""

    title: str
    words: str
    pictures: tuple[str, ...]


def write_page(out: Path, scenes: list[Scene], faults: list[str]) -> None:
    """`index.html` and `tour.json` in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    told = {"scenes": [asdict(scene) for scene in scenes], "faults": faults}
    (out / "tour.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    verdict = "Đạt." if not faults else "".join(f"<p class=bad>{escape(fault)}</p>" for fault in faults)
    body = "".join(map(_scene, scenes))
    (out / "index.html").write_text(_PAGE.format(body=body, verdict=verdict), "utf-8")


def _scene(scene: Scene) -> str:
    shown = "".join(map(_picture, scene.pictures))
    return f"<section><h2>{escape(scene.title)}</h2><p>{escape(scene.words)}</p>{shown}</section>"


def _picture(name: str) -> str:
    if name.endswith(".html"):
        return f'<p><a href="{escape(name)}">Trang của máy chủ tỉnh</a></p>'
    path = f"pictures/{escape(name)}"
    return f'<a href="{path}"><img src="{path}" alt="{escape(name)}" loading="lazy"></a>'


_PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>Một tháng không đường truyền</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 "Noto Sans", "Segoe UI", sans-serif; max-width: 72rem; margin: 3rem auto;
  padding: 0 1.5rem; background: light-dark(#f4f6f8, #14181d); color: light-dark(#1b2733, #e6ebf0); }}
section {{ background: light-dark(#fff, #1d232a); border: 1px solid light-dark(#d8dfe6, #323b45);
  border-radius: 10px; padding: .4rem 1.4rem 1.2rem; margin: 0 0 1.2rem; }}
h2 {{ font-size: 1.1rem; }}
img {{ width: 49%; border: 1px solid light-dark(#d8dfe6, #323b45); border-radius: 6px; }}
.bad {{ color: light-dark(#b3261e, #ffb4ab); }}
</style></head>
<body><h1>Một tháng không đường truyền</h1>
<p>Hai quầy, một trạm, một tỉnh. {verdict}</p>{body}</body></html>
"""
