"""Runs in the peers' own environment: `serve PORT FOLDER`, or `send URL FOLDER LIMIT` (prints JSON)."""

import json
import sys
import time
from pathlib import Path

CHUNK = 256 * 1024


def serve(port: int, folder: str) -> None:
    import uvicorn
    from fastapi import FastAPI
    from tuspyserver import create_tus_router  # type: ignore[import-not-found]  # the peers' own

    app = FastAPI()
    app.include_router(create_tus_router(prefix="files", files_dir=folder, max_size=200_000_000))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error")


def send(url: str, folder: Path, limit: float) -> None:
    began, worked = time.monotonic(), time.process_time()
    files = sorted(folder.iterdir())
    done = sum(_send_one(url, file, began + limit) for file in files)
    told = {"seconds": time.monotonic() - began, "cpu": time.process_time() - worked}
    print(json.dumps(told | {"done": done, "is_done": done == len(files)}), flush=True)


def _send_one(url: str, file: Path, until: float) -> bool:
    """Resumed at the address that the server gave, after every failure."""
    from tusclient import client  # type: ignore[import-not-found]  # the peers' own

    # Without a name for the file this server answers 400 to every question about the offset.
    metadata = {"filename": file.name, "filetype": "application/pdf"}
    known = {"chunk_size": CHUNK, "retries": 3, "retry_delay": 1, "metadata": metadata}
    place = None
    while time.monotonic() < until:
        try:
            upload = client.TusClient(url).uploader(str(file), url=place, **known)
            place = upload.url or place
            upload.upload()
        except Exception:  # whatever the line did
            place = upload.url if "upload" in locals() else place
            time.sleep(1)
        else:
            return True
    return False


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]), sys.argv[3])
    else:
        send(sys.argv[2], Path(sys.argv[3]), float(sys.argv[4]))
