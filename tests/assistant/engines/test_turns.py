"""A writer that tries again gets in, however many ask; who is alone waits for nobody."""

import threading
import time

import pytest

from assistant.engines.process import Stopped
from assistant.engines.turns import Turns
from assistant.ports import never_stops


def test_a_lone_reader_does_not_wait() -> None:
    turns = Turns(hold_s=0.1, readers_s=0.2, writer_s=0.2)
    for _ in range(3):
        began = time.monotonic()
        with turns.reading(never_stops):
            pass
        assert time.monotonic() - began < 0.1


def test_under_constant_reading_everybody_lets_go_for_long_enough() -> None:
    turns = Turns(hold_s=0.1, readers_s=0.3, writer_s=0.2)
    spans: list[tuple[float, float]] = []
    end = time.monotonic() + 2.0

    def read() -> None:
        while time.monotonic() < end:
            with turns.reading(never_stops):
                began = time.monotonic()
                time.sleep(0.02)
                spans.append((began, time.monotonic()))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    spans.sort()
    free, held_to = [], spans[0][1]
    for began, ended in spans:
        if began > held_to:
            free.append(began - held_to)
        held_to = max(held_to, ended)
    assert len([gap for gap in free if gap > 0.25]) >= 2


def test_who_waits_for_a_turn_can_stop() -> None:
    turns = Turns(hold_s=0.1, readers_s=0.0, writer_s=30)
    with turns.reading(never_stops):
        time.sleep(0.01)
    with pytest.raises(Stopped), turns.reading(lambda: True):
        pass
