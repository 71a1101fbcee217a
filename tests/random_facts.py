"""Dossiers nobody would think of: the longest names, the tallest letters, no papers or forty."""

import re
from datetime import datetime
from random import Random

from onestop.domain.moment import VIETNAM
from onestop.domain.template import Facts, Fields, HandOvers, Template, field_names
from onestop.domain.template_fields import FIELDS, ROWS
from onestop.domain.template_sample import sample_facts
from onestop.domain.template_words import shown_rows, texts_of

# The tallest and the deepest letters on purpose.
SYLLABLES = re.findall(
    r"\S+",
    "Nguyễn Thị Ễ Ẵng Ngọc Quỳnh Đặng Hưởng Ỵ phường Tân Lập H'Linh Niê Kđăm Ênuôl Y-Bhăm ẪỄỖẮỜỰ "
    "QUYỀN SỬ DỤNG ĐẤT giấy chứng nhận (bản sao) 45/12 tổ 7; ỄẴỘỢỰ gỵợjq nghiêng",
)
LETTERS = "ẪỄỖẮỜỰQUYỀNgỵjợ0123456789"
CODE = "H99.26.13-261120-0042"
MADE_AT = datetime(2026, 11, 20, 9, 15, tzinfo=VIETNAM)
_FREE = re.findall(
    r"\w+",
    "name address body officer unit place title note reason content agency explanation items text legal "
    "owner email words method contact way",
)
"""A field with one of these in its name may say anything."""
_DIGITS = "99517001" + "20261120004299126137" * 30


def random_facts(template: Template, seed: int) -> Facts:
    """The same for the same seed: every field the template may name, 0 to 40 rows in each list."""
    random = Random(seed)
    named = {name for each in texts_of(template) if not each.rows for name in field_names(each.text)}
    fields = {name: _value(random, name) for name in sorted({*named, *FIELDS, "has_digits"})}
    rows = {name: _rows(random, template, name) for name in shown_rows(template)}
    proof, digits = (
        text if random.random() < 0.5 else "" for text in (sample_facts(template).proof, _DIGITS)
    )
    return Facts(CODE, MADE_AT, fields, rows, proof, digits)


def _rows(random: Random, template: Template, name: str) -> tuple[Fields, ...]:
    count = random.choice((0, 1, 2, 5, 12, 40))
    if any(isinstance(block, HandOvers) for block in template.blocks) and name == "hand_overs":
        count = min(count, 12)
    inside = {field for each in texts_of(template) if each.rows == name for field in field_names(each.text)}
    columns = sorted({*inside, *ROWS.get(name, {})})
    return tuple({column: _value(random, column, name) for column in columns} for _ in range(count))


def _value(random: Random, name: str, rows: str = "") -> str:
    if name == "outcome":
        return random.choice(("", "Trước hạn", "Đúng hạn", "Quá hạn"))
    samples = ROWS.get(rows, {}) if rows else FIELDS
    if random.random() < 0.1:
        return ""
    if any(part in _FREE for part in name.split("_")):
        return _words(random)
    return samples[name].sample if name in samples else "12"


def _words(random: Random) -> str:
    """A usual name, one of up to 120 letters, or one with a word of sixty letters in it."""
    longest = random.choice((20, 30, 60, 120))
    words = [random.choice(SYLLABLES) for _ in range(longest // 3)]
    if random.random() < 0.15:
        words.insert(random.randrange(3), "".join(random.choice(LETTERS) for _ in range(60)))
    return " ".join(words)[:longest].strip()
