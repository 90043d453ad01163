"""For processes that run long: what is open by then lasts until the end."""

import gc

OBJECTS_BETWEEN = 10_000
"""So many new objects are made between two looks: what one batch of entries comes to, all of it short-lived."""


def keep_what_is_open() -> None:
    """Look no more for garbage among what was made until now, and more seldom among what is made from now on.

    Modules, forms and tables are most of a process's objects. Python would walk through all of them again and again,
    which takes a tenth of a busy writer's time and half of a rebuild's. Call it once, when everything is open.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN, *gc.get_threshold()[1:])
