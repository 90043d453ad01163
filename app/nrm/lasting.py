"""For processes that run long: what is open by then lasts until the end."""

import gc


def keep_what_is_open() -> None:
    """Look no more for garbage among what was made until now.

    Modules, forms and tables are most of a process's objects. Python would walk through all of them again and again,
    which takes a tenth of a busy writer's time. Call it once, when everything is open.
    """
    gc.collect()
    gc.freeze()
