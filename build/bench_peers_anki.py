"""Runs in the peers' own environment: URL notes|media CORPUS LIMIT; prints one line of JSON.

Notes: a line of the corpus each. Media: each file of the folder CORPUS.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from anki.collection import AddNoteRequest, Collection  # type: ignore[import-not-found]  # the peers' own


class Anki:
    def __init__(self, url: str, limit: float) -> None:
        self.col = Collection(str(Path(tempfile.mkdtemp()) / "c.anki2"))
        self.until = time.monotonic() + limit
        self.auth = self.tried(lambda: self.col.sync_login(username="a", password="p", endpoint=url))
        self.add(["seed"])
        told = self.tried(lambda: self.col.sync_collection(self.auth, sync_media=False))
        if told.required != told.NO_CHANGES:  # the very first sync always goes whole
            self.col.close_for_full_sync()
            self.tried(lambda: self.col.full_upload_or_download(auth=self.auth, server_usn=None, upload=True))
            self.col.reopen(after_full_sync=True)

    def tried(self, work: Callable[[], Any]) -> Any:
        """Again after every failure, as the program's user would press the button; None at the end."""
        while True:
            try:
                return work()
            except Exception:  # whatever the line did
                if time.monotonic() > self.until:
                    return None
                time.sleep(0.5)

    def add(self, lines: list[str]) -> None:
        kind, deck = self.col.models.by_name("Basic"), self.col.decks.id("Default")
        requests = []
        for number, line in enumerate(lines):
            note = self.col.new_note(kind)
            note.fields = [f"{number}-{line[:90]}", line]
            requests.append(AddNoteRequest(note, deck))
        self.col.add_notes(requests)

    def send_notes(self) -> bool:
        return self.tried(lambda: self.col.sync_collection(self.auth, sync_media=False)) is not None

    def send_media(self) -> bool:
        def once() -> bool:
            self.col.sync_media(self.auth)
            while self.col.media_sync_status().active:
                if time.monotonic() > self.until:
                    raise TimeoutError
                time.sleep(0.1)
            return True

        return self.tried(once) is not None


def main(url: str, mode: str, corpus: Path, limit: float) -> None:
    anki = Anki(url, limit)
    if mode == "notes":
        lines = corpus.read_text("utf-8").splitlines()
        anki.add(lines)
    else:
        lines = [anki.col.media.write_data(one.name, one.read_bytes()) for one in corpus.iterdir()]
    began, worked = time.monotonic(), time.process_time()
    anki.until = began + limit
    is_done = anki.send_notes() if mode == "notes" else anki.send_media()
    told = {"seconds": time.monotonic() - began, "cpu": time.process_time() - worked}
    began = time.monotonic()
    print(json.dumps(told | {"is_done": is_done, "done": len(lines) if is_done else 0}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), float(sys.argv[4]))
