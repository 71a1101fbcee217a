"""How many dossiers are still open, by what an administrator is about to change."""

from sqlalchemy import Connection, func, select

from onestop.store.tables import dossiers


def count_open_by_unit(connection: Connection) -> dict[str, int]:
    """Open dossiers by the unit that holds them, whoever of it has them in hand."""
    held = dossiers.c.holder_unit
    wanted = select(held, func.count()).where(dossiers.c.queue != "", held != "").group_by(held)
    return {row[0]: row[1] for row in connection.execute(wanted)}


def count_open_of(connection: Connection, procedure_code: str) -> int:
    """Open dossiers of a procedure, in whatever version they were received under."""
    wanted = select(func.count()).where(dossiers.c.procedure_code == procedure_code, dossiers.c.queue != "")
    return int(connection.scalar(wanted) or 0)
