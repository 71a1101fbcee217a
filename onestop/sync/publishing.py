"""How a desk's administrator reaches the root: what a change of rows is sent by."""

from collections.abc import Mapping, Sequence
from typing import Any

from onestop.domain.signing import SigningKey
from onestop.errors import ConflictError, Offline, Refused
from onestop.office.office import SendRows
from onestop.store.rows import get_local
from onestop.store.store import Store
from onestop.store.trust import own_statement
from onestop.sync.client import Client, read_object
from onestop.sync.joined import read_hubs
from onestop.sync.line import Answer
from onestop.sync.transport import LineFailed
from onestop.sync.wire import MAX_ROWS


def rows_sender(store: Store) -> SendRows:
    """For `Told.send_rows`. Each change has a line of its own: it waits behind no page and no scan."""

    def send(rows: Sequence[Mapping[str, object]], officer: str, words: str) -> None:
        if len(rows) > MAX_ROWS:
            raise Refused(
                f"Thay đổi {len(rows)} dòng là quá lớn để gửi từ quầy",
                "Nhờ quản trị máy chủ nhập gói: hub pack import TỆP.",
            )
        client = _client(store)
        try:
            send_rows(client, {"officer": officer, "words": words[:300], "rows": list(rows)})
        finally:
            client.close()

    return send


def send_rows(client: Client, wish: Mapping[str, Any]) -> None:
    """Raises Offline, Refused, ConflictError, with words."""
    try:
        answer = client.send_rows(wish)
    except LineFailed as error:
        if error.failure.kind == "refused":
            words = "Báo quản trị: quầy có thể đã bị thu hồi."
            raise Refused("Máy chủ không nhận quầy này", words) from error
        raise Offline(
            "Chưa gửi được thay đổi tới máy chủ",
            "Danh mục dùng chung cho mọi quầy của cơ quan, nên thay đổi cần đường truyền. "
            "Chưa có gì được ghi; hãy thử lại khi quầy đã nối máy chủ.",
        ) from error
    _require_taken(answer)


def _require_taken(answer: Answer) -> None:
    """Of a change of rows. Raises Refused and ConflictError, with words."""
    if answer.status == 409:
        title, _, message = str(_detail(answer)).partition(". ")
        raise ConflictError(title, message or "Xem lại rồi lưu lần nữa.")
    if answer.status in (401, 403):
        raise Refused(
            "Máy chủ không nhận thay đổi này",
            "Cán bộ đang ngồi quầy chưa được giao quyền quản trị cơ quan này, hoặc quyền đã hết. "
            "Chưa có gì được ghi.",
        )
    if answer.status == 404:
        raise Refused(
            "Máy chủ chưa nhận thay đổi danh mục từ quầy", "Nhờ quản trị cập nhật chương trình ở máy chủ."
        )
    if answer.status == 413:
        raise Refused(
            "Thay đổi quá lớn để gửi từ quầy", "Nhờ quản trị máy chủ nhập gói: hub pack import TỆP."
        )
    if answer.status != 200:
        raise Refused("Máy chủ không đọc được thay đổi này", f"{_detail(answer)}"[:300])


def _detail(answer: Answer) -> Any:
    try:
        return read_object(answer).get("detail", "")
    except LineFailed:
        return ""


def _client(store: Store) -> Client:
    with store.read() as connection:
        desk = get_local(connection, "desk")
        stated = own_statement(connection) if desk else None
    addresses = read_hubs(store)
    if desk is None or not addresses:
        raise Offline("Quầy này chưa biết máy chủ ở đâu", "Mở Cài đặt → Máy chủ để nối lại quầy.")
    key = SigningKey(bytes.fromhex(desk["secret"]))
    return Client(addresses, desk["device"], key, stated=stated)
