"""The journal in plain words: every act of the table, erased bodies, kinds of a newer program."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from onestop.domain.acts import RULES, Act
from onestop.domain.dossier import Fee, Subject, due_plain
from onestop.domain.entry import header_bytes, parse_header
from onestop.domain.moment import VIETNAM, to_wire
from onestop.errors import OfficeError
from onestop.office import deeds
from onestop.office.changes import subject_changes
from onestop.office.deeds import Target, find_dossier
from onestop.office.intake import PaperForm, receive_dossier, refuse_intake, submit_dossier
from onestop.office.papers import keep_paper
from onestop.office.timeline import (
    CONFLICT,
    ERASED,
    GROUNDS,
    ICONS,
    UNKNOWN,
    WAITING,
    JournalMoment,
    read_timeline,
)
from onestop.office.transfer import transfer_in, transfer_out
from onestop.paths import resource
from onestop.store.journal import read_journal
from onestop.store.tables import entries
from tests.office_desk import (
    ADMIN,
    CASHIER,
    CLERK,
    HEAD,
    LEADER,
    LEADERS,
    NEIGHBOUR,
    OTHER_SPECIALIST,
    OTHER_UNIT,
    RECEPTION,
    SPECIALIST,
    UNIT,
    Seat,
    form,
    seated,
)

LEVY = Fee("levy", "Cấp bản sao", 8_000, "")


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path) as made:
        yield made


def moments(seat: Seat, dossier: str) -> tuple[JournalMoment, ...]:
    return read_timeline(seat.office, dossier)[1]


@dataclass
class Story:
    """Dossiers that together go through every act; `dossiers` holds their ids."""

    seat: Seat
    dossiers: list[str]

    def entries(self, dossier: str) -> list[str]:
        with self.seat.store.read() as connection:
            return [entry.id for entry, _ in read_journal(connection, dossier)]

    def received(self) -> str:
        done = receive_dossier(self.seat.as_(RECEPTION), form(fees=(LEVY,)))
        self.dossiers.append(done.dossier.id)
        return done.dossier.id

    def processing(self) -> str:
        dossier = self.received()
        deeds.forward(self.seat.as_(RECEPTION), dossier, Target(UNIT, SPECIALIST), "Cần sớm.")
        deeds.take_over(self.seat.as_(SPECIALIST), dossier)
        return dossier


def to_the_end(story: Story) -> None:
    at, dossier = story.seat.as_, story.processing()
    deeds.consult(at(SPECIALIST), dossier, OTHER_UNIT, "Có trùng thửa không?")
    question = find_dossier(story.seat.office, dossier).consultations[0].id
    deeds.give_opinion(at(OTHER_SPECIALIST), dossier, question, "Không trùng.")
    deeds.propose(at(SPECIALIST), dossier, "Kính trình.", Target(UNIT, HEAD))
    deeds.disapprove(at(HEAD), dossier, "Sai thể thức.")
    deeds.propose(at(SPECIALIST), dossier, "Đã sửa.", Target(UNIT, HEAD))
    deeds.recall(at(SPECIALIST), dossier, "Thiếu chữ ký nháy.")
    deeds.propose(at(SPECIALIST), dossier, "Kính trình lại.", Target(UNIT, HEAD))
    deeds.approve(at(HEAD), dossier, Target(LEADERS, LEADER))
    deeds.sign(at(LEADER), dossier, Target(UNIT, CLERK))
    deeds.complete(at(CLERK), dossier, "7/UBND", date(2026, 11, 20))
    deeds.hand_out(at(RECEPTION), dossier, "Lò Thị Đức", "in_person")


def with_a_pause(story: Story) -> None:
    at, dossier = story.seat.as_, story.processing()
    deeds.send_back(at(SPECIALIST), dossier, "Nhầm đơn vị.")
    deeds.request_supplement(at(RECEPTION), dossier, ("Sổ hộ khẩu cũ",), "Chưa đủ.")
    deeds.take_supplement(at(RECEPTION), dossier, ("Sổ hộ khẩu cũ",))
    deeds.forward(at(RECEPTION), dossier, Target(UNIT))
    deeds.take_over(at(SPECIALIST), dossier)
    deeds.pause(at(SPECIALIST), dossier, "payment", "Chờ nộp thuế.")
    deeds.resume(at(SPECIALIST), dossier, "Đã nộp thuế.")
    new_due_at = datetime(2026, 12, 10, 16, 30, tzinfo=VIETNAM)
    deeds.draft_apology(at(SPECIALIST), dossier, new_due_at, "Chờ xác minh.")
    deeds.extend(at(HEAD), dossier, new_due_at, "Cơ quan xin lỗi.")
    moved = replace(
        find_dossier(story.seat.office, dossier).clock.due, at=datetime(2026, 12, 11, 9, tzinfo=UTC)
    )
    facts = {"due": due_plain(moved), "due_before": to_wire(new_due_at), "reason": "Nghỉ thêm 10/12."}
    deeds.do(at(ADMIN), Act.RECOMPUTE, dossier, facts)
    deeds.stop(at(LEADER), dossier, "Không đủ điều kiện.")


def at_the_counter(story: Story) -> None:
    at, dossier = story.seat.as_, story.received()
    path = story.seat.folder / "Tờ khai.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(32))
    ref = keep_paper(story.seat.office, path)
    deeds.attach(at(RECEPTION), dossier, (PaperForm(ref.sha256, ref.length, ref.mime, "Tờ khai"),))
    deeds.detach(at(RECEPTION), dossier, ref.sha256, "Nhầm hồ sơ.")
    deeds.collect(at(CASHIER), dossier, 10_000, "cash", "1C26TTT 0000001")
    deeds.refund(at(CASHIER), dossier, 2_000, "Thu thừa.")
    deeds.add_note(at(CLERK), dossier, "Đã gọi điện.")
    printed = deeds.print_paper(at(RECEPTION), dossier, "01", 2).dossier.printed[-1]
    deeds.void_paper(at(RECEPTION), dossier, printed.entry, "Kẹt giấy.")
    subject = find_dossier(story.seat.office, dossier).subject
    named = replace(subject, owner=replace(subject.owner, name="Lò Thị Đức Hạnh"))
    deeds.correct(at(RECEPTION), dossier, named, "Nhập sai tên.")
    deeds.withdraw(at(RECEPTION), dossier, "Theo đề nghị.")


def registered(story: Story) -> None:
    at = story.seat.as_
    story.dossiers.append(submit_dossier(at(RECEPTION), form()).dossier.id)
    story.dossiers.append(refuse_intake(at(RECEPTION), form(), "Không thuộc thẩm quyền.").dossier.id)


def sent_away(story: Story) -> None:
    """To the neighbour, by an officer there; a decision that waited is settled; one is erased."""
    at, dossier = story.seat.as_, story.received()
    transfer_out(at(RECEPTION), dossier, NEIGHBOUR, "Thuộc thẩm quyền.", "Gửi kèm bản giấy.")
    there = replace(at(RECEPTION), catalogue=replace(at(RECEPTION).catalogue, agency=NEIGHBOUR))
    transfer_in(there, dossier)
    deeds.ask(there, dossier, story.entries(dossier)[1], "Bản giấy có mấy tờ?", SPECIALIST)
    flag_last(story.seat, dossier)
    deeds.ratify(at(HEAD), dossier, [story.entries(dossier)[-1]], "Đã kiểm tra.")
    deeds.void(at(LEADER), dossier, [story.entries(dossier)[-2]], "Hỏi nhầm người.")
    deeds.erase(at(HEAD), dossier, [story.entries(dossier)[0]], "Hết thời hạn lưu trữ", LEADER)


def flag_last(seat: Seat, dossier: str) -> None:
    """As the hub would: its verdict on the last entry."""
    with seat.store.write() as connection:
        last = select(func.max(entries.c.n)).where(entries.c.dossier == dossier).scalar_subquery()
        connection.execute(entries.update().where(entries.c.n == last).values(verdict="flagged"))


STORIES: tuple[Callable[[Story], None], ...] = (
    to_the_end,
    with_a_pause,
    at_the_counter,
    registered,
    sent_away,
)

WORDS = {
    Act.SUBMIT: (),
    Act.RECEIVE: ("Hạn trả: 30/11/2026 16:30",),
    Act.REFUSE: ("Lý do: Không thuộc thẩm quyền.",),
    Act.REQUEST_SUPPLEMENT: ("Cần bổ sung: Sổ hộ khẩu cũ", "Lý do: Chưa đủ."),
    Act.TAKE_SUPPLEMENT: ("Đã nhận: Sổ hộ khẩu cũ", "Hạn trả mới: 30/11/2026 16:30"),
    Act.FORWARD: ("Tới: Nguyễn Thị Ánh Tuyết · Văn phòng HĐND và UBND", "Cần sớm."),
    Act.TAKE_OVER: ("Từ: Trần Thị Mai",),
    Act.SEND_BACK: ("Lý do: Nhầm đơn vị.",),
    Act.RECALL: ("Lý do: Thiếu chữ ký nháy.",),
    Act.CONSULT: ("Hỏi: Phòng Kinh tế", "Có trùng thửa không?"),
    Act.GIVE_OPINION: ("Về: Có trùng thửa không?", "Không trùng."),
    Act.PROPOSE: ("Tới: Vũ Thanh Bình · Văn phòng HĐND và UBND", "Kính trình."),
    Act.APPROVE: ("Tới: Bùi Quyết Thắng · Lãnh đạo UBND xã",),
    Act.DISAPPROVE: ("Lý do: Sai thể thức.",),
    Act.SIGN: ("Tới: Ngô Thị Ngọc Lan · Văn phòng HĐND và UBND",),
    Act.PAUSE: ("Chờ thực hiện nghĩa vụ tài chính", "Lý do: Chờ nộp thuế."),
    Act.RESUME: ("Lý do: Đã nộp thuế.", "Hạn trả mới: 30/11/2026 16:30"),
    Act.STOP: ("Lý do: Không đủ điều kiện.",),
    Act.DRAFT_APOLOGY: ("Xin hẹn lại: 10/12/2026 16:30", "Lý do: Chờ xác minh."),
    Act.EXTEND: ("Hẹn lại: 10/12/2026 16:30", "Lý do: Cơ quan xin lỗi."),
    Act.RECOMPUTE: (
        "Hạn trả mới: 11/12/2026 16:00",
        "Hạn trước: 10/12/2026 16:30",
        "Lý do: Nghỉ thêm 10/12.",
    ),
    Act.WITHDRAW: ("Lý do: Theo đề nghị.",),
    Act.CORRECT: ("Chủ hồ sơ, họ và tên: Lò Thị Đức → Lò Thị Đức Hạnh", "Lý do: Nhập sai tên."),
    Act.COMPLETE: ("Số 7/UBND, ngày 20/11/2026",),
    Act.HAND_OUT: ("Người nhận: Lò Thị Đức", "Nhận trực tiếp"),
    Act.COLLECT: ("10.000 đồng · Tiền mặt", "Biên lai: 1C26TTT 0000001"),
    Act.REFUND: ("2.000 đồng · Tiền mặt", "Lý do: Thu thừa."),
    Act.ADD_NOTE: ("Đã gọi điện.",),
    Act.ATTACH: ("Tệp: Tờ khai",),
    Act.DETACH: ("Tệp: Tờ khai", "Lý do: Nhầm hồ sơ."),
    Act.PRINT_PAPER: ("Giấy tiếp nhận hồ sơ và hẹn trả kết quả, 2 bản",),
    Act.VOID_PAPER: (
        "Giấy tiếp nhận, lúc 20/11/2026 08:00",
        "Lý do: Kẹt giấy.",
    ),
    Act.TRANSFER_OUT: ("Tới: UBND xã Hồi Xuân", "Lý do: Thuộc thẩm quyền.", "Gửi kèm bản giấy."),
    Act.TRANSFER_IN: ("Cơ quan tiếp nhận: H56.77.66 · Trung tâm Phục vụ hành chính công",),
    Act.RATIFY: ("Lý do: Đã kiểm tra.",),
    Act.VOID: ("Lý do: Hỏi nhầm người.",),
    Act.ERASE: ("Căn cứ: Hết thời hạn lưu trữ", "Cán bộ thứ hai: Bùi Quyết Thắng"),
}


def test_every_act_of_the_table_is_told(seat: Seat) -> None:
    story = Story(seat, [])
    for tell in STORIES:
        tell(story)
    told = [moment for dossier in story.dossiers for moment in moments(seat, dossier)]
    assert {moment.act for moment in told} == set(Act) == set(WORDS)
    for act, words in WORDS.items():
        mine = [moment for moment in told if moment.act is act]
        assert any(set(words) <= set(moment.lines) for moment in mine), (act, [m.lines for m in mine])
        assert all(m.words == RULES[act].done and m.is_decision == RULES[act].is_decision for m in mine)
    assert all(moment.officer and moment.title and not moment.is_in_conflict for moment in told)


def test_moments_come_in_the_order_of_the_journal(seat: Seat) -> None:
    story = Story(seat, [])
    to_the_end(story)
    dossier, told = read_timeline(seat.office, story.dossiers[0])
    assert [moment.at for moment in told] == sorted(moment.at for moment in told)
    assert len(told) == dossier.count
    assert dossier == find_dossier(seat.office, dossier.id)


def test_a_pause_on_a_ground_of_a_newer_program_is_a_lawful_pause(seat: Seat) -> None:
    dossier = Story(seat, []).processing()
    deeds.pause(seat.as_(SPECIALIST), dossier, "flood", "Đường vào thôn bị ngập.")
    assert moments(seat, dossier)[-1].lines == (GROUNDS["other"], "Lý do: Đường vào thôn bị ngập.")


@pytest.mark.parametrize("act", Act, ids=lambda act: act.value)
def test_every_act_has_a_picture_that_is_shipped(act: Act) -> None:
    assert resource("icons", f"{ICONS[act]}.svg").exists()


def test_what_was_erased_stays_in_the_journal_without_its_words(seat: Seat) -> None:
    story = Story(seat, [])
    to_the_end(story)
    dossier = story.dossiers[0]
    before = moments(seat, dossier)
    with seat.store.write() as connection:
        connection.execute(entries.update().where(entries.c.dossier == dossier).values(body=None))
    after = moments(seat, dossier)
    assert [(m.id, m.at, m.words, m.officer) for m in after] == [
        (m.id, m.at, m.words, m.officer) for m in before
    ]
    assert all(moment.is_erased and ERASED in moment.lines for moment in after)
    assert "Kính trình." not in str(after)


def test_a_kind_of_a_newer_program_is_named_and_breaks_nothing(seat: Seat) -> None:
    dossier = Story(seat, []).received()
    _add_copy(seat, dossier, kind="lend_out")
    told = moments(seat, dossier)
    assert told[-1].words == UNKNOWN
    assert told[-1].act is None


def test_an_act_that_could_not_take_effect_says_so(seat: Seat) -> None:
    dossier = Story(seat, []).received()
    _add_copy(seat, dossier, kind="hand_out")
    assert CONFLICT in moments(seat, dossier)[-1].lines


def test_an_entry_held_by_the_hub_says_so(seat: Seat) -> None:
    dossier = Story(seat, []).received()
    _add_copy(seat, dossier, kind="withdraw", verdict="held")
    found, told = read_timeline(seat.office, dossier)
    assert WAITING in told[-1].lines
    assert found.state == "received"


def _add_copy(seat: Seat, dossier: str, kind: str, verdict: str = "accepted") -> None:
    """An entry as another program might send it: the last one's bytes under another kind."""
    with seat.store.write() as connection:
        query = entries.select().where(entries.c.dossier == dossier).order_by(entries.c.n.desc())
        last = connection.execute(query).first()
        assert last is not None
        header = replace(parse_header(last.header), kind=kind, seq=last.seq + 1)
        values = {**last._mapping, "header": header_bytes(header), "kind": kind, "verdict": verdict}
        values |= {"id": bytes(32), "seq": last.seq + 1}
        del values["n"]
        connection.execute(entries.insert().values(**values))


def test_an_unknown_dossier(seat: Seat) -> None:
    with pytest.raises(OfficeError, match="Không tìm thấy hồ sơ"):
        read_timeline(seat.office, "no-such-dossier")


def test_nothing_changed_is_no_change(seat: Seat) -> None:
    subject = find_dossier(seat.office, Story(seat, []).received()).subject
    assert subject_changes(subject, subject) == ()


def _fewer(subject: Subject) -> Subject:
    first, *rest = subject.components
    return replace(subject, components=(replace(first, is_given=False, originals=0), *rest))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: replace(s, content="Cấp 2 bản"), "→ Cấp 2 bản"),
        (lambda s: replace(s, sets=2), "Số bộ: 1 → 2"),
        (lambda s: replace(s, note="Hẹn buổi sáng"), "Ghi chú: (trống) → Hẹn buổi sáng"),
        (lambda s: replace(s, owner=replace(s.owner, born_on="1992")), "12/03/1992 → 1992"),
        (lambda s: replace(s, owner=replace(s.owner, phone="")), "0912 345 678 → (trống)"),
        (
            lambda s: replace(s, fees=(replace(LEVY, amount_vnd=5_000),)),
            "8.000 đồng → 5.000 đồng",
        ),
        (_fewer, "1 bản chính → chưa nộp"),
    ],
    ids=["content", "sets", "note", "born", "phone", "fee", "component"],
)
def test_a_change_is_told_before_and_after(
    seat: Seat, change: Callable[[Subject], Subject], words: str
) -> None:
    subject = find_dossier(seat.office, Story(seat, []).received()).subject
    (told,) = subject_changes(subject, change(subject))
    assert words in told.words
