"""Acts on entries that are already in the journal: ratify, void, erase, ask about one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from onestop.domain.acts import REFOLDS, RULES, Act
from onestop.domain.dossier import Dossier
from onestop.domain.moment import show_at
from onestop.errors import InputError
from onestop.office import deeds
from onestop.office.deeds import Done
from onestop.office.office import Office
from onestop.office.timeline import JournalMoment, read_timeline
from ui.acts.form import ActForm, Job, Scene, Warn, about
from ui.acts.phrases import PHRASES
from ui.widgets import ComboField, NoteField

_ALL = "*"
_READING = "Đang đọc nhật ký…"

GROUNDS = (
    "Hết thời hạn lưu trữ theo quy định",
    "Theo yêu cầu của chủ thể dữ liệu cá nhân",
    "Theo quyết định của cơ quan nhà nước có thẩm quyền",
)
"""Grounds to delete personal data (Luật 91/2025/QH15, Điều 14)."""


@dataclass(frozen=True, slots=True)
class _Kind:
    deed: Callable[[Office, str, Sequence[str], str], Done]
    hint: str
    settled: Callable[[Dossier], tuple[str, ...]]


_KINDS: Mapping[Act, _Kind] = {
    Act.RATIFY: _Kind(
        deeds.ratify,
        "Bút ký có hiệu lực từ lúc được ghi. Người đã ghi bút ký không tự phê chuẩn.",
        lambda dossier: dossier.voided,
    ),
    Act.VOID: _Kind(
        deeds.void,
        "Bút ký còn trong nhật ký nhưng không có hiệu lực. Người đã ghi bút ký không tự huỷ.",
        lambda dossier: dossier.ratified,
    ),
}


class EntriesForm(ActForm):
    """A form about one entry; the words of the entries come from the journal, beside the window."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self.entries = ComboField("entries", "&Bút ký", ())
        self.entries.editor.setMinimumContentsLength(12)

    def offer(self, ids: Sequence[str], takes_all: bool = False) -> None:
        """Lists these ids now, their words as soon as the journal is read."""
        everything = [(_ALL, f"Tất cả {len(ids)} bút ký")] if takes_all and len(ids) > 1 else []
        self.entries.set_choices([*((each, _READING) for each in ids), *everything])
        read = partial(read_timeline, self.scene.office, self.dossier_id)
        self.scene.tasks.run(self, read, lambda told: self._name(ids, told[1], everything), lambda _: None)

    def chosen(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Raises InputError while there is nothing to choose."""
        key = self.entries.key()
        if not key:
            raise InputError("Chưa chọn bút ký", "Chờ đọc xong nhật ký rồi chọn.", "entries")
        return tuple(ids) if key == _ALL else (key,)

    def _name(
        self, ids: Sequence[str], moments: tuple[JournalMoment, ...], rest: list[tuple[str, str]]
    ) -> None:
        words = {moment.id: entry_words(moment) for moment in moments}
        self.entries.set_choices([*((each, words.get(each, each[:8])) for each in ids), *rest])


def entry_words(moment: JournalMoment) -> str:
    """`Đã phê duyệt · Vũ Thanh Bình · 20/11/2026 08:15`."""
    return f"{moment.words} · {moment.officer} · {show_at(moment.at)}"


class SettleForm(EntriesForm):
    """Ratify or void what waits; where nothing waits, the earlier word may be taken back."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self._kind = _KINDS[act]
        self._ids = scene.dossier.conflicts or self._kind.settled(scene.dossier)
        self.say(self._kind.hint)
        self.offer(self._ids, takes_all=True)
        self.add(self.entries)
        self._reason = self.add_reason(PHRASES[act])
        self.settle()

    def job(self) -> Job:
        chosen, reason = self.chosen(self._ids), self._reason.text()
        deed, dossier_id = self._kind.deed, self.dossier_id
        return lambda office: deed(office, dossier_id, chosen, reason)

    def warn(self) -> Warn | None:
        words = RULES[self.act].words
        return Warn(f"{words}?", f"{about(self.scene)}\n\n{self.entries.editor.currentText()}", words)


class EraseForm(EntriesForm):
    """What an entry says is deleted for good, here and everywhere; a second officer answers too."""

    def __init__(self, scene: Scene, act: Act) -> None:
        super().__init__(scene, act)
        self.say("Nội dung và tệp của bút ký bị xoá ở mọi máy; nhật ký chỉ còn ai đã làm gì, lúc nào.")
        self._ids: tuple[str, ...] = ()
        self.add(self.entries)
        self._ground = ComboField("ground", "Că&n cứ (Điều 14 Luật 91/2025/QH15)", [(g, g) for g in GROUNDS])
        self._ground.editor.setMinimumContentsLength(12)
        self.add(self._ground)
        me, officers = scene.office.officer.id, scene.office.catalogue.officers
        others = [o for o in officers if o.id != me and o.roles & RULES[act].roles]
        named = [(o.id, f"{o.name} · {o.title}" if o.title else o.name) for o in others]
        self._second = ComboField("second", "&Cán bộ thứ hai cùng chịu trách nhiệm", named)
        self._second.editor.setMinimumContentsLength(12)
        self.add(self._second)
        self.settle()
        read = partial(read_timeline, scene.office, self.dossier_id)
        scene.tasks.run(self, read, lambda told: self._list(told[1]), lambda _: None)

    def job(self) -> Job:
        chosen, ground, second = self.chosen(self._ids), self._ground.key(), self._second.key()
        dossier_id = self.dossier_id
        return lambda office: deeds.erase(office, dossier_id, chosen, ground, second)

    def warn(self) -> Warn | None:
        text = f"{about(self.scene)}\n\n{self.entries.editor.currentText()}\n\nKhông lấy lại được."
        return Warn("Xoá dữ liệu theo luật?", text, "Xoá")

    def _list(self, moments: tuple[JournalMoment, ...]) -> None:
        """Everything that still says something; the focus stays where the officer is."""
        open_ones = [m for m in moments if not m.is_erased and m.act not in REFOLDS]
        self._ids = tuple(moment.id for moment in open_ones)
        everything = [(_ALL, f"Tất cả {len(open_ones)} bút ký")] if len(open_ones) > 1 else []
        self.entries.set_choices([*((m.id, entry_words(m)) for m in open_ones), *everything])
        self.begin()


class AskForm(ActForm):
    """A question about one entry, to its officer; it stands in the journal as a note."""

    def __init__(self, scene: Scene, moment: JournalMoment) -> None:
        super().__init__(scene, Act.ADD_NOTE)
        self._moment = moment
        self.say(f"Về: {entry_words(moment)}", "")
        officers = [o for o in scene.office.catalogue.officers if o.id != scene.office.officer.id]
        named = [(o.id, f"{o.name} · {o.title}" if o.title else o.name) for o in officers]
        self._to = ComboField("to", "&Hỏi ai", [("", "Mọi người xử lý hồ sơ"), *named])
        self._to.editor.setMinimumContentsLength(12)
        self._to.set_key(moment.officer_id)
        self._text = NoteField("text", "&Câu hỏi", rows=5)
        self.add(self._to)
        self.add(self._text)
        self.settle()

    def button_words(self) -> str:
        return "Hỏi"

    def job(self) -> Job:
        about_id, text, to, dossier_id = self._moment.id, self._text.text(), self._to.key(), self.dossier_id
        return lambda office: deeds.ask(office, dossier_id, about_id, text, to)
