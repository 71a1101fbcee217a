"""`hub courier FILE`: a bundle from a stick, looked at, then taken, its return written beside it."""

import argparse
from datetime import UTC, datetime

from onestop.errors import Refused
from onestop.hub.backup import hub_store
from onestop.store.log import open_ledger
from onestop.sync.courier import look_into, preview_words, say, take_out


def _agrees() -> bool:
    try:
        return input("Nhận gói này? (c/k) ").strip().lower() == "c"
    except EOFError:  # nobody sits there: a program that calls has to say --yes
        return False


def run_courier(wanted: argparse.Namespace) -> int:
    """Asks before it takes, unless `--yes`. Raises StoreError or Refused, nothing taken then."""
    with hub_store(wanted) as (store, _):
        with store.read() as connection:
            ledger = open_ledger(connection)
        if ledger.is_relay:
            raise Refused(
                "Trạm chuyển tiếp không nhận gói USB",
                "Hãy mang gói đến máy chủ gốc đã phát khoá cho các quầy.",
            )
        seen = look_into(store, wanted.file)
        print("\n".join(preview_words(seen)))
        if not (getattr(wanted, "yes", False) or _agrees()):
            print("Không nhận. Không có gì thay đổi.")
            return 1
        delivery, back = take_out(store, ledger, wanted.file, seen, datetime.now(UTC), say)
    count = delivery.count
    print(f"Bút ký: {count('accepted')} chấp nhận, {count('flagged')} cần phê chuẩn, "
          f"{count('held')} chờ phần thiếu, {count('quarantined')} cách ly.")  # fmt: skip
    print(f"Tệp giấy tờ: {delivery.taken} mới, {delivery.had} đã có, {delivery.refused} không nhận.")
    print(f"Biên nhận: {back.name}. Hãy mang về quầy và chạy: courier in {back.name}")
    return 0
