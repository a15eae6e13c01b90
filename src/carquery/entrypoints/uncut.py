"""Tables that show all there is, however narrow the terminal: what is to be copied stays in one piece."""

from rich.table import Table


def uncut(table: Table, *in_one_piece: str) -> Table:
    """The table, with words broken where rich would leave their ends out.

    Args:
        in_one_piece: heads of columns that are not broken while the others can be.
    """
    for column in table.columns:
        column.overflow = "fold"
        column.no_wrap = column.header in in_one_piece
    return table
