"""What people call the parts of a template, and every text in it with its place."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Final, NamedTuple

from onestop.domain.template import (
    BLOCKS,
    Block,
    Grid,
    HandOvers,
    Heads,
    Listing,
    SlipCode,
    Template,
    Together,
    field_names,
    flat,
)

BLOCK_WORDS: Final[Mapping[str, str]] = {
    "heads": "Tiêu ngữ",
    "title": "Tên giấy",
    "line": "Dòng có nhãn",
    "pair": "Hai mục",
    "text": "Đoạn văn",
    "table": "Bảng",
    "list": "Danh sách",
    "signatures": "Chữ ký",
    "note": "Ghi chú",
    "hand_overs": "Ô bàn giao",
    "slip_code": "Mã chuyển",
    "gap": "Khoảng trống",
    "together": "Nhóm",
}
"""By the tag of a block's row."""

ROWS_WORDS: Final[Mapping[str, str]] = {
    "components": "Thành phần hồ sơ",
    "fees": "Phí, lệ phí",
    "hand_overs": "Các lần bàn giao",
    "missing": "Nội dung cần bổ sung",
    "reasons": "Các lý do",
    "returned": "Giấy tờ trả lại",
    "register": "Dòng của sổ theo dõi",
    "dossiers": "Các hồ sơ",
    "all_components": "Thành phần của các hồ sơ",
    "results": "Các kết quả",
    "moments": "Các bước đã qua",
    "owed": "Các khoản phải nộp",
    "payments": "Các lần nộp tiền",
    "requested": "Giấy tờ yêu cầu chứng thực",
}
"""Lists a table may show; one that is not named here goes by its own name."""

_NO_TEXTS: Final = frozenset(("rows", "align", "size"))
_TAGS: Final = {kind: tag for tag, kind in BLOCKS.items()}


class NamedText(NamedTuple):
    """A text of a template: `place` of its block from 1 in reading order, 0 for the head of the
    template; `rows` the list whose fields it names, "" for those of the paper."""

    place: int
    member: str
    text: str
    rows: str = ""


def tag_of(block: Block) -> str:
    return _TAGS[type(block)]


def block_words(block: Block) -> str:
    return BLOCK_WORDS[tag_of(block)]


def rows_words(name: str) -> str:
    return ROWS_WORDS.get(name, name)


def texts_of(template: Template) -> Iterator[NamedText]:
    """Every text that may name fields."""
    yield NamedText(0, "running_head", template.running_head)
    for place, block in enumerate(flat_all(template.blocks), 1):
        yield from _block_texts(place, block)


def flat_all(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """As `flat`, groups themselves too, each before what it holds."""
    for block in blocks:
        yield block
        if isinstance(block, Together):
            yield from flat_all(block.blocks)


def _block_texts(place: int, block: Block) -> Iterator[NamedText]:
    for each in fields(block):
        held = getattr(block, each.name)
        if isinstance(block, (Grid, Listing)) and each.name in {"text", "columns"}:
            inside = [held] if isinstance(held, str) else [column.text for column in held]
            yield from (NamedText(place, each.name, text, block.rows) for text in inside)
        elif isinstance(block, SlipCode) and block.rows and each.name == "lines":
            yield from (NamedText(place, each.name, text, block.rows) for text in held)
        elif each.name in _NO_TEXTS or isinstance(block, Together):
            continue
        elif isinstance(held, str):
            yield NamedText(place, each.name, held)
        elif isinstance(held, tuple):
            yield from (NamedText(place, each.name, text) for one in held for text in _plain_texts(one))


def _plain_texts(held: object) -> list[str]:
    """Of a line, or of a signer."""
    if isinstance(held, str):
        return [held]
    return [getattr(held, name) for name in ("role", "name", "hint") if hasattr(held, name)]


def shown_fields(template: Template) -> frozenset[str]:
    """The fields of the paper that can be read on it; one that only decides a `when` is not among them."""
    shown = {
        name
        for each in texts_of(template)
        if not each.rows and each.member != "when"
        for name in field_names(each.text)
    }
    if any(isinstance(block, Heads) for block in flat(template.blocks)):
        shown |= {"superior_body", "issuing_body"}
    return frozenset(shown)


def shown_rows(template: Template) -> list[str]:
    """The lists a template shows, in order, each once."""
    names = [
        "hand_overs" if isinstance(block, HandOvers) else block.rows
        for block in flat(template.blocks)
        if isinstance(block, (Grid, Listing, HandOvers)) or (isinstance(block, SlipCode) and block.rows)
    ]
    return list(dict.fromkeys(names))
