"""Turns: one ordinary and one long at a time, nobody for ever."""

import threading
import time

import pytest

from search_app.web.serving.admission.turns import MOST_LONG, Turns, may_take_long


@pytest.fixture
def turns():
    return Turns()


def waiting(turns, number):
    """Wait until so many threads stand in line; the tests' own limit is what fails."""
    while len(turns._ordinary) + len(turns._long) < number:
        time.sleep(0.001)


def in_order(turns, lines):
    """Let a thread for each letter stand in line while both turns are taken; return who came in which order."""
    order, threads = [], []

    def _worked(letter):
        with turns.turn(long=letter.isupper()):
            order.append(letter)

    with turns._ordinary, turns._long:
        for number, letter in enumerate(lines):
            threads.append(threading.Thread(target=_worked, args=(letter,)))
            threads[-1].start()
            waiting(turns, number + 1)
    for thread in threads:
        thread.join()
    return "".join(order)


@pytest.mark.parametrize("lines", ["abcdefgh", "ABCDEFGH", "AaBbCcDd"])
def test_who_comes_first_goes_first(turns, lines):
    order = in_order(turns, lines)
    assert sorted(order) == sorted(lines)
    for kind in (str.islower, str.isupper):
        assert [*filter(kind, order)] == [*filter(kind, lines)]


@pytest.mark.parametrize("long", [False, True])
def test_what_takes_long_and_what_does_not_keep_each_other_from_nothing(turns, long):
    done = []

    def _worked():
        with turns.turn(long=not long):
            done.append(True)

    with turns.turn(long=long):
        other = threading.Thread(target=_worked)
        other.start()
        other.join()
        assert done == [True]


def test_the_line_of_what_takes_long_is_short(turns):
    threads = [threading.Thread(target=_stand_in_line, args=(turns,)) for _ in range(MOST_LONG)]
    with turns.turn(long=True):
        for number, thread in enumerate(threads):
            assert not turns.crowded
            thread.start()
            waiting(turns, number + 1)
        assert turns.crowded
    for thread in threads:
        thread.join()
    assert not turns.crowded


def _stand_in_line(turns):
    with turns.turn(long=True):
        pass


@pytest.mark.parametrize("long", [False, True])
def test_one_at_a_time(turns, long):
    at_work, most = 0, 0

    def _worked():
        nonlocal at_work, most
        for _ in range(200):
            with turns.turn(long=long):
                at_work += 1
                most = max(most, at_work)
                time.sleep(0)
                at_work -= 1

    threads = [threading.Thread(target=_worked) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, at_work) == (1, 0)


def test_whoever_has_the_turn_need_not_wait_for_it(turns):
    with turns.turn(long=False), turns.turn(long=True):
        pass
    with turns.turn(long=False):
        assert in_order(Turns(), "o") == "o"


def test_a_turn_that_fails_ends(turns):
    with pytest.raises(ValueError, match="failed"), turns.turn(long=False):
        raise ValueError("failed")
    assert sorted(in_order(turns, "oL")) == ["L", "o"]


@pytest.mark.parametrize(
    ("query_string", "long"),
    [
        pytest.param("", False, id="everything"),
        pytest.param("q=labour+courts&page=2", False, id="words"),
        pytest.param("q=labo*", True, id="prefix"),
        pytest.param("q=labo%2A", True, id="encoded-prefix"),
        pytest.param("q=labuor~", True, id="typo"),
        pytest.param(f"q={'labour+' * 50}", True, id="many-words"),
    ],
)
def test_what_may_take_long(query_string, long):
    assert may_take_long(query_string) is long
