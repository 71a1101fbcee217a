"""`main.py hub …`: runs a hub, and administers it from the same machine."""

import argparse
import logging
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from onestop.domain.moment import from_wire, show_at
from onestop.errors import InputError, RuleError
from onestop.hub.admin import (
    OfficeForm,
    OfficerForm,
    add_office,
    add_officer,
    has_offices,
    list_offices,
    make_code,
    put_catalogue,
    take_back,
)
from onestop.hub.demo import found_demo
from onestop.hub.founding import hub_key, open_hub
from onestop.hub.hub import Hub, utc_now
from onestop.hub.page import facts_of, is_silent, read_state
from onestop.hub.practice import join_by_itself
from onestop.hub.serve import (
    Address,
    Serving,
    Worker,
    address_of,
    authority_of,
    bound,
    certificate_for,
    run_hub,
    url_of,
)
from onestop.hub.tls import fingerprint, is_loopback
from onestop.hub.upstream import Upstream, join_upstream
from onestop.paths import Profile, default_data_dir
from onestop.store.device_view import list_health, list_standings
from onestop.store.rows import get_local, put_local

MARK = 16
"""Hex digits of the authority's fingerprint that stand behind an enrolment code."""

DEFAULT_LISTEN = "127.0.0.1:7460"


def add_arguments(made: argparse.ArgumentParser) -> None:
    """The options of `hub` and its own commands; options may stand before or after a command's name."""
    _add_store(made, is_repeated=False)
    made.add_argument("--listen", default=DEFAULT_LISTEN, metavar="HOST:PORT", help="địa chỉ nghe")
    made.add_argument("--upstream", metavar="URL", help="máy chủ cấp trên mà trạm này chuyển tiếp lên")
    made.add_argument("--relay", action="store_true", help="trạm của cơ quan: giữ và chuyển tiếp lên tỉnh")
    made.add_argument("--workers", type=int, default=1, metavar="N", help="số tiến trình (cần PostgreSQL)")
    made.add_argument("--demo", action="store_true", help="tỉnh thực hành với ba cơ quan, hoặc trạm của nó")
    made.add_argument("--name", default="", help="tên máy chủ hiện cho người xem")
    made.add_argument("--system-cert", nargs=2, type=Path, metavar=("CERT", "KEY"), help="chứng thư có sẵn")
    made.set_defaults(hub_command="serve")
    commands = made.add_subparsers(title="lệnh quản trị", metavar="")
    for name, (words, fill) in _COMMANDS.items():
        command = commands.add_parser(name, help=words, description=words)
        command.set_defaults(hub_command=name)
        _add_store(command, is_repeated=True)
        fill(command)


def _add_store(made: argparse.ArgumentParser, *, is_repeated: bool) -> None:
    absent = argparse.SUPPRESS if is_repeated else None
    made.add_argument(
        "--database", default=absent, metavar="URL", help="postgresql://… (không có: tệp mã hoá)"
    )
    made.add_argument("--data-dir", type=Path, default=absent, help="thư mục dữ liệu")
    made.add_argument("--profile", default=absent, help="tên hồ sơ cấu hình của máy chủ này")


def run(wanted: argparse.Namespace) -> int:
    """The exit code. Raises OfficeError."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    return _RUN[wanted.hub_command](wanted)


def profile_of(wanted: argparse.Namespace) -> Profile:
    is_relay = getattr(wanted, "relay", False) and wanted.hub_command == "serve"
    return Profile(wanted.data_dir or default_data_dir(), wanted.profile or ("relay" if is_relay else "hub"))


def opened(wanted: argparse.Namespace) -> Hub:
    """The hub for a command. Raises StoreError."""
    return open_hub(profile_of(wanted), wanted.database, utc_now)


def serve(wanted: argparse.Namespace) -> int:
    address = address_of(wanted.listen)
    _check(wanted)
    profile = profile_of(wanted)
    hub = open_hub(
        profile,
        wanted.database,
        utc_now,
        is_relay=wanted.relay,
        name=wanted.name,
        is_practice=wanted.demo,
    )
    with closing(hub):
        if wanted.demo:
            _practise(hub, wanted)
        own = tuple(wanted.system_cert) if wanted.system_cert else None
        certificate = certificate_for(hub, address, own)
        line = bound(address)
        _remember(
            hub, url_of(address, line, certificate is not None), is_pinned=certificate is not None and not own
        )
        upstream = _upstream(hub, address, wanted)
        serving = Serving(line, certificate, wanted.workers, worker_of(wanted, profile), upstream)
        run_hub(hub, serving, lambda: _greet(hub, address, wanted))
    print("Máy chủ đã dừng.", flush=True)
    return 0


def _practise(hub: Hub, wanted: argparse.Namespace) -> None:
    """The invented province at a root; a relay joins by itself."""
    if not hub.ledger.is_relay:
        print("Đang dựng tỉnh thực hành…", flush=True)
        found_demo(hub, hub.clock())
    elif wanted.upstream:
        join_by_itself(hub, wanted.upstream)


def _upstream(hub: Hub, address: Address, wanted: argparse.Namespace) -> Upstream | None:
    """The line to the root. Desks are not sent to a loopback address unless all is on one machine."""
    if not wanted.upstream:
        return None
    with hub.store.read() as connection:
        where = str(get_local(connection, "hub_address")["url"])
    is_near = is_loopback(urlsplit(wanted.upstream).hostname or "")
    return Upstream(hub, wanted.upstream, where if is_near or not is_loopback(address.host) else "")


def worker_of(wanted: argparse.Namespace, profile: Profile) -> Worker:
    key = hub_key(profile, wanted.database)
    return Worker(wanted.database, profile.folder, profile.database, key, os.getpid())


def _check(wanted: argparse.Namespace) -> None:
    if wanted.workers < 1 or wanted.workers > 64:
        raise InputError("Số tiến trình phải từ 1 đến 64", "Ví dụ: --workers 4.", "workers")
    if wanted.workers > 1 and not wanted.database:
        raise InputError("Nhiều tiến trình cần PostgreSQL", "Thêm --database postgresql://…", "workers")
    if wanted.upstream and not wanted.relay:
        raise InputError("--upstream chỉ dùng với trạm", "Thêm --relay, hoặc bỏ --upstream.", "upstream")
    if wanted.relay and wanted.demo and not wanted.upstream:
        raise InputError(
            "Trạm thực hành cần máy chủ tỉnh thực hành", "Thêm --upstream http://127.0.0.1:7460", "demo"
        )


def _remember(hub: Hub, url: str, *, is_pinned: bool) -> None:
    """For `hub enrol`, which runs beside: where desks call, whether they must pin the authority."""
    with hub.store.write() as connection:
        put_local(connection, "hub_address", {"url": url, "is_pinned": is_pinned})


def _greet(hub: Hub, address: Address, wanted: argparse.Namespace) -> None:
    with hub.store.read() as connection:
        kept = get_local(connection, "hub_address")
    print(f"{hub.name}: {kept['url']}", flush=True)
    if hub.ledger.is_relay and kept["is_pinned"]:
        print(f"Dấu của trạm: {fingerprint(hub.authority)[:MARK]}", flush=True)
    if is_loopback(address.host):
        print("Chỉ máy này vào được. Để các quầy khác nối: --listen 0.0.0.0:7460", flush=True)
    if wanted.upstream:
        print(f"Chuyển tiếp lên: {wanted.upstream}", flush=True)
    print("Dừng: Ctrl+C", flush=True)


# --- commands beside a running hub


def _office(wanted: argparse.Namespace) -> int:
    with closing(_root(wanted)) as hub:
        now = hub.clock()
        if not has_offices(hub):
            put_catalogue(hub, now)
        name = " ".join(wanted.name)
        add_office(
            hub, OfficeForm(wanted.code.upper(), name, place=wanted.place, issuing_body=name.upper()), now
        )
    print(f"Đã ghi cơ quan {wanted.code.upper()}: {name}")
    return 0


def _officer(wanted: argparse.Namespace) -> int:
    roles = tuple(role.strip() for role in wanted.roles.split(",") if role.strip())
    with closing(_root(wanted)) as hub:
        if wanted.office not in list_offices(hub):
            raise InputError(
                f"Không có cơ quan {wanted.office}", "Thêm bằng: hub office add MÃ TÊN.", "office"
            )
        add_officer(hub, wanted.office, OfficerForm(wanted.id, wanted.name, roles, wanted.unit), hub.clock())
    print(f"Đã ghi cán bộ {wanted.id}: {wanted.name}")
    return 0


def _enrol(wanted: argparse.Namespace) -> int:
    with closing(_root(wanted)) as hub:
        code = make_code(hub, wanted.office, wanted.name, hub.clock(), for_relay=wanted.relay)
        with hub.store.read() as connection:
            kept = get_local(connection, "hub_address")
        pinned = f".{fingerprint(authority_of(hub).certificate)[:MARK]}" if kept and kept["is_pinned"] else ""
    print(f"Mã ghi danh: {code.text}{pinned}")
    print(f"Địa chỉ máy chủ: {kept['url'] if kept else '(máy chủ chưa chạy lần nào)'}")
    print(f"Dùng một lần, cho một {'trạm' if wanted.relay else 'quầy'}, đến {show_at(code.until)}.")
    return 0


def _revoke(wanted: argparse.Namespace) -> int:
    of = next(name for name in ("officer", "device", "grant") if getattr(wanted, name))
    with closing(_root(wanted)) as hub:
        take_back(hub, of, getattr(wanted, of), wanted.reason, hub.clock())
    print("Đã thu hồi; các quầy được báo ở lần nối tiếp theo, chậm nhất vài giây nếu đang nối.")
    return 0


def _status(wanted: argparse.Namespace) -> int:
    with closing(opened(wanted)) as hub:
        state = read_state(hub)
        print(state.name)
        for name, value in facts_of(state):
            print(f"  {name}: {value}")
        if wanted.all:
            _print_all(hub)
    return 0


def _print_all(hub: Hub) -> None:
    for code, name in list_offices(hub).items():
        print(f"Cơ quan {code}: {name}")
    with hub.store.read() as connection:
        standings, heard = list_standings(connection), list_health(connection)
    for one in standings:
        at = heard.get(one.device, ("", {}))[0]
        words = f"nghe lần cuối {show_at(from_wire(at))}" if at else "chưa nghe lần nào"
        if one.stopped:
            words = f"đã thu hồi {show_at(from_wire(one.stopped))}"
        elif is_silent(at, hub.clock()):
            words += " – im lặng"
        print(f"{'Trạm' if one.is_relay else 'Quầy'} {one.device} {one.office} {one.name}: {words}")


def _backup(wanted: argparse.Namespace) -> int:
    from onestop.hub import backup

    runs = {
        "backup": backup.run_backup,
        "restore": backup.run_restore,
        "restore-report": backup.run_restore_report,
        "recovery-key": backup.run_recovery_key,
    }
    return runs[wanted.hub_command](wanted)


def _pack(wanted: argparse.Namespace) -> int:
    from onestop.hub.packs import run_pack

    with closing(_root(wanted)) as hub:
        return run_pack(hub, wanted)


def _courier(wanted: argparse.Namespace) -> int:
    from onestop.hub.courier import run_courier

    return run_courier(wanted)


def _join(wanted: argparse.Namespace) -> int:
    profile = Profile(wanted.data_dir or default_data_dir(), wanted.profile or "relay")
    with closing(open_hub(profile, wanted.database, utc_now, is_relay=True)) as hub:
        office = join_upstream(hub, wanted.code, wanted.url)
    print(f"Trạm đã ghi danh cho cơ quan {office}. Chạy: hub --relay --upstream {wanted.url}")
    return 0


def _root(wanted: argparse.Namespace) -> Hub:
    """Only a root states who may do what. Raises RuleError."""
    hub = opened(wanted)
    if hub.ledger.is_relay:
        hub.close()
        raise RuleError("Trạm không quản trị được", "Làm việc này ở máy chủ gốc.")
    return hub


def _fill_office(made: argparse.ArgumentParser) -> None:
    made.add_argument("verb", choices=["add"])
    made.add_argument("code", metavar="MÃ", help="mã định danh, ví dụ H56.99.88")
    made.add_argument("name", metavar="TÊN", nargs="+")
    made.add_argument("--place", default="", help="địa danh ghi trên giấy")


def _fill_officer(made: argparse.ArgumentParser) -> None:
    made.add_argument("verb", choices=["add"])
    made.add_argument("id", metavar="MÃ")
    made.add_argument("--office", required=True, metavar="MÃ")
    made.add_argument("--name", required=True, metavar="HỌ_TÊN")
    made.add_argument("--roles", required=True, metavar="VAI_TRÒ,…", help="reception,specialist,…")
    made.add_argument("--unit", default="counter", metavar="ĐƠN_VỊ")


def _fill_enrol(made: argparse.ArgumentParser) -> None:
    made.add_argument("--office", required=True, metavar="MÃ")
    made.add_argument("--name", default="", help="tên quầy, ví dụ “Quầy 2”")
    made.add_argument("--relay", action="store_true", help="mã cho trạm của cơ quan")


def _fill_revoke(made: argparse.ArgumentParser) -> None:
    which = made.add_mutually_exclusive_group(required=True)
    for name, words in (("officer", "cán bộ"), ("device", "quầy hoặc trạm"), ("grant", "một lần giao quyền")):
        which.add_argument(f"--{name}", metavar="MÃ", help=words)
    made.add_argument("--reason", required=True, metavar="LÝ_DO")


def _fill_status(made: argparse.ArgumentParser) -> None:
    made.add_argument("--all", action="store_true", help="kể cả từng cơ quan, từng quầy")


def _fill_backup(made: argparse.ArgumentParser) -> None:
    made.add_argument("target", type=Path, metavar="THƯ_MỤC", help="thư mục ngoài máy này")
    _add_keys(made)


def _fill_file(made: argparse.ArgumentParser) -> None:
    made.add_argument("file", type=Path, metavar="TỆP")
    _add_keys(made)


def _fill_pack(made: argparse.ArgumentParser) -> None:
    made.add_argument("verb", choices=["check", "import", "export"])
    made.add_argument("file", type=Path, metavar="TỆP", help=".xlsx hoặc .json")
    made.add_argument("--office", default="", metavar="MÃ", help="chỉ cơ quan này (không có: mọi cơ quan)")
    made.add_argument("--replace", action="store_true", help="bỏ những dòng cùng loại không có trong gói")


def _fill_courier(made: argparse.ArgumentParser) -> None:
    made.add_argument("file", type=Path, metavar="TỆP")
    made.add_argument("--yes", action="store_true", help="không hỏi lại")


def _fill_nothing(made: argparse.ArgumentParser) -> None:
    """No options of its own."""


def _add_keys(made: argparse.ArgumentParser) -> None:
    made.add_argument("--recovery-key", type=Path, metavar="TỆP", help="khoá phục hồi của tỉnh")
    made.add_argument("--passphrase-file", type=Path, metavar="TỆP", help="tệp chứa mật khẩu")


def _fill_join(made: argparse.ArgumentParser) -> None:
    made.add_argument("code", metavar="MÃ_GHI_DANH")
    made.add_argument("url", metavar="URL")


Fill = Callable[[argparse.ArgumentParser], None]

_COMMANDS: dict[str, tuple[str, Fill]] = {
    "office": ("thêm hoặc sửa một cơ quan", _fill_office),
    "officer": ("thêm hoặc sửa một cán bộ và giao quyền", _fill_officer),
    "enrol": ("in mã ghi danh dùng một lần cho một quầy hoặc trạm", _fill_enrol),
    "revoke": ("thu hồi quyền của cán bộ, quầy, trạm", _fill_revoke),
    "status": ("tình trạng máy chủ", _fill_status),
    "backup": ("sao lưu rồi kiểm tra bản sao lưu", _fill_backup),
    "restore": ("phục hồi từ bản sao lưu vào máy chủ trống", _fill_file),
    "restore-report": ("các quầy đã gửi lại được gì sau khi phục hồi", _fill_nothing),
    "recovery-key": ("tạo khoá phục hồi của tỉnh", _fill_file),
    "courier": ("nhận gói USB của một quầy", _fill_courier),
    "pack": ("kiểm tra, nhập, xuất gói danh mục cho mọi cơ quan hoặc một cơ quan", _fill_pack),
    "join": ("ghi danh trạm này với máy chủ cấp trên", _fill_join),
}

_RUN: dict[str, Callable[[argparse.Namespace], int]] = {
    "serve": serve,
    "office": _office,
    "officer": _officer,
    "enrol": _enrol,
    "revoke": _revoke,
    "status": _status,
    "backup": _backup,
    "restore": _backup,
    "restore-report": _backup,
    "recovery-key": _backup,
    "courier": _courier,
    "pack": _pack,
    "join": _join,
}
