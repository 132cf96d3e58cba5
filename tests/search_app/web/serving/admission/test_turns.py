"""Turns: one ordinary and one long at a time, nobody for ever."""

import threading
import time

import pytest

from search_app.web.serving.admission import turns as module
from search_app.web.serving.admission.turns import MOST_LONG, Line, Turns, may_take_long

# Longer than any test waits: what ends sooner did not wait for it.
FOR_EVER = 600.0


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

    for line in (turns._ordinary, turns._long):
        line.enter()
    for number, letter in enumerate(lines):
        threads.append(threading.Thread(target=_worked, args=(letter,)))
        threads[-1].start()
        waiting(turns, number + 1)
    for line in (turns._ordinary, turns._long):
        line.leave()
    for thread in threads:
        thread.join()
    return "".join(order)


@pytest.mark.parametrize("lines", ["abcdefgh", "ABCDEFGH", "AaBbCcDd"])
def test_who_comes_first_goes_first(turns, lines):
    order = in_order(turns, lines)
    assert sorted(order) == sorted(lines)
    for kind in (str.islower, str.isupper):
        assert [*filter(kind, order)] == [*filter(kind, lines)]


def another_has_a_turn(turns, *, long):
    """Let another thread have a turn now; the tests' own limit is what fails."""
    done = []

    def _worked():
        with turns.turn(long=long):
            done.append(True)

    other = threading.Thread(target=_worked)
    other.start()
    other.join()
    return done == [True]


def test_ordinary_requests_do_not_wait_for_what_takes_long(turns):
    with turns.turn(long=True):
        assert another_has_a_turn(turns, long=False)


def test_the_line_of_what_takes_long_is_short(turns, monkeypatch):
    monkeypatch.setattr(module, "LONG_SECONDS", FOR_EVER)
    given = []

    def _asked():
        with turns.turn_in_time(long=True) as one:
            given.append(one)

    threads = [threading.Thread(target=_asked) for _ in range(MOST_LONG)]
    with turns.turn(long=True):
        for number, thread in enumerate(threads):
            thread.start()
            waiting(turns, number + 1)
        with turns.turn_in_time(long=True) as one_too_many:
            assert not one_too_many
        with turns.turn_in_time(long=False) as ordinary:
            assert ordinary
    for thread in threads:
        thread.join()
    assert given == [True] * MOST_LONG


def test_whoever_waits_too_long_is_refused_and_gone(turns, monkeypatch):
    monkeypatch.setattr(module, "LONG_SECONDS", 0.01)
    with turns.turn(long=True):
        for _ in range(2 * MOST_LONG):
            with turns.turn_in_time(long=True) as given:
                assert not given
        assert len(turns._long) == 0
    assert in_order(turns, "LM") == "LM"
    with turns.turn_in_time(long=True) as given:
        assert given


def test_whoever_is_called_while_giving_up_has_the_turn():
    line, got = Line(), []
    line.enter()
    late = threading.Thread(target=lambda: got.append(line.enter(0.01)))
    with line._lock:
        late.start()
        # It stands in line only when the lock is free; its time is over before it can leave again.
        line._lock.release()
        while not len(line):
            time.sleep(0.001)
        line._lock.acquire()
        time.sleep(0.1)
        line._waiting.popleft().release()
    late.join()
    assert got == [True]
    assert not line.idle.is_set()


def test_what_takes_long_begins_when_no_ordinary_request_is_at_work(turns, monkeypatch):
    monkeypatch.setattr(module, "YIELD_SECONDS", FOR_EVER)
    order = []

    def _worked(name, long):
        with turns.turn(long=long):
            order.append(name)

    turns._ordinary.enter()
    threads = [threading.Thread(target=_worked, args=("long", True))]
    threads[0].start()
    while turns._long.idle.is_set():
        time.sleep(0.001)
    for number in range(3):
        threads.append(threading.Thread(target=_worked, args=(number, False)))
        threads[-1].start()
        waiting(turns, number + 1)
    assert order == []
    turns._ordinary.leave()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, "long"]


def test_ordinary_requests_never_keep_out_what_takes_long(turns, monkeypatch):
    monkeypatch.setattr(module, "YIELD_SECONDS", 0.01)
    with turns.turn(long=False):
        assert another_has_a_turn(turns, long=True)


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


@pytest.mark.parametrize("begun", [Turns.turn, Turns.turn_in_time])
@pytest.mark.parametrize("long", [False, True])
def test_a_turn_that_fails_ends(turns, begun, long):
    with pytest.raises(ValueError, match="failed"), begun(turns, long=long):
        raise ValueError("failed")
    assert turns._ordinary.idle.is_set()
    assert turns._long.idle.is_set()
    assert sorted(in_order(turns, "oL")) == ["L", "o"]


@pytest.mark.parametrize(
    ("query_string", "long"),
    [
        pytest.param("", False, id="everything"),
        pytest.param("q=labour+courts&page=2", False, id="words"),
        pytest.param("q=labo*", True, id="prefix"),
        pytest.param("q=labo%2A", True, id="encoded-prefix"),
        pytest.param("q=labo%2a", True, id="encoded-prefix-in-small-letters"),
        pytest.param("q=labuor~", True, id="typo"),
        pytest.param("q=labuor%7E", True, id="encoded-typo"),
        pytest.param("q=labuor%7e", True, id="encoded-typo-in-small-letters"),
        pytest.param(f"q={'x' * 254}", False, id="as-long-as-is-typed"),
        pytest.param(f"q={'x' * 255}", True, id="longer-than-is-typed"),
        pytest.param(f"q={'labour+' * 50}", True, id="many-words"),
    ],
)
def test_what_may_take_long(query_string, long):
    assert may_take_long(query_string) is long
