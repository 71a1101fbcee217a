"""At the end of the month: every journal verified, and every place says the same of every dossier."""

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from onestop.domain.dossier import Dossier
from onestop.paths import Profile
from onestop.store.check import verify_store
from onestop.store.hub_store import open_hub_store
from onestop.store.journal import list_journals, read_dossier
from onestop.store.store import Store, open_store
from onestop.store.vault import load_key

Folds = dict[str, Dossier | None]


@dataclass(slots=True)
class Reckoned:
    words: str = ""
    faults: list[str] = field(default_factory=list)


def reckon(root: Path, relay: Path, desks: list[Profile]) -> Reckoned:
    """Opens all stores, which nobody has open now."""
    stores = {"tinh": _hub_store(Profile(root, "hub")), "tram": _hub_store(Profile(relay, "relay"))}
    stores |= {desk.name: open_store(desk.database, load_key(desk.folder)) for desk in desks}
    told, folds, lines = Reckoned(), dict[str, Folds](), []
    for name, store in stores.items():
        with closing(store):
            report = verify_store(store)
            told.faults += [f"{name}: {each.where}: {each.words}" for each in report.findings]
            folds[name] = _folds(store)
            lines.append(f"{name} {report.dossiers} hồ sơ, {report.entries} bút ký")
    told.faults += _differences(folds)
    same = "mọi nơi giống nhau" if not told.faults else "có sai lệch"
    told.words = f"Đã kiểm tra mọi nhật ký: {'; '.join(lines)}; {same}."
    return told


def _hub_store(profile: Profile) -> Store:
    return open_hub_store(None, profile.database, load_key(profile.folder))


def _folds(store: Store) -> Folds:
    with store.read() as connection:
        return {dossier: read_dossier(connection, dossier) for dossier in list_journals(connection)}


def _differences(folds: dict[str, Folds]) -> list[str]:
    first, *others = folds
    found = []
    for other in others:
        for dossier in sorted(folds[first].keys() | folds[other].keys()):
            if folds[first].get(dossier) != folds[other].get(dossier):
                found.append(f"Hồ sơ {dossier} ở {first} khác ở {other}")
    return found
