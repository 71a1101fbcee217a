"""At the end of the month: every journal verified, and every place says the same of every dossier."""

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from onestop.domain.dossier import Dossier
from onestop.paths import Profile
from onestop.store.backup_check import check_restored
from onestop.store.check import verify_store
from onestop.store.hub_store import open_hub_store
from onestop.store.journal import list_journals, read_dossier
from onestop.store.log import open_ledger, read_head, sign_head
from onestop.store.report import Report
from onestop.store.store import Store, open_store
from onestop.store.vault import load_key

Folds = dict[str, Dossier | None]


@dataclass(slots=True)
class Reckoned:
    words: str = ""
    faults: list[str] = field(default_factory=list)


def reckon(root: Path, relay: Path, desks: list[Profile]) -> Reckoned:
    """Opens all stores, which nobody has open now."""
    told, folds, lines = Reckoned(), dict[str, Folds](), []
    hubs = {"tỉnh": Profile(root, "hub"), "trạm": Profile(relay, "relay")}
    for name, profile in (hubs | {desk.name: desk for desk in desks}).items():
        key = load_key(profile.folder)
        is_hub = name in hubs
        opened = open_hub_store(None, profile.database, key) if is_hub else open_store(profile.database, key)
        with closing(opened) as store:
            report = _verify_hub(store) if is_hub else verify_store(store)
            told.faults += [f"{name}: {each.where}: {each.words}" for each in report.findings]
            folds[name] = _folds(store)
            count = next(iter(store.rows("SELECT count(*) FROM entries", {})))[0]
            lines.append(f"{name} {len(folds[name])} hồ sơ, {count} bút ký")
    told.faults += _differences(folds)
    same = "mọi nơi giống nhau" if not told.faults else "có sai lệch"
    told.words = f"Đã kiểm tra mọi nhật ký: {'; '.join(lines)}; {same}."
    return told


def _verify_hub(store: Store) -> Report:
    """The whole log against what its key signs: root, entries, and each journal folded."""
    with store.read() as connection:
        ledger = open_ledger(connection)
        head = sign_head(connection, ledger, read_head(connection, ledger.log), None)
        return check_restored(connection, head, ledger)


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
