"""Qt's own words in Vietnamese. Qt ships 33 languages and not this one.

`resources/i18n/qtbase_vi.ts` is the source; `pyside6-lrelease` makes the `.qm` beside it.
"""

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from onestop.paths import resource


def translate_qt(app: QCoreApplication) -> QTranslator:
    """Installs the translation and the Vietnamese locale; the translator belongs to `app`.

    Raises FileNotFoundError when the file is missing from the program.
    """
    QLocale.setDefault(QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam))
    translator = QTranslator(app)
    path = resource("i18n", "qtbase_vi.qm")
    if not translator.load(str(path)):
        raise FileNotFoundError(path)
    app.installTranslator(translator)
    return translator
