"""Seeded faults as Sirekap and tired people make them, put into real sheets. Each gives a station that must be held."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from ronda.results.adapters.publishable import Case
from ronda.results.domain import Figures, Outcome, Reading

Boxes = dict[str, int | None]
Fault = Callable[[Random, Case], Case | None]


def boxes_of(figures: Figures) -> Boxes:
    votes = {f"suara_{at}": number for at, number in enumerate(figures.votes, start=1)}
    return {**votes, "sah": figures.valid, "tidak_sah": figures.invalid, "pengguna_j": figures.users}


def figures_of(boxes: Boxes, like: Figures) -> Figures:
    votes = tuple(boxes[f"suara_{at}"] for at in range(1, len(like.votes) + 1))
    return replace(
        like, votes=votes, valid=boxes["sah"], invalid=boxes["tidak_sah"], users=boxes["pengguna_j"]
    )


def in_every_copy(case: Case, boxes: Boxes) -> Case:
    """The hardest case: the same misreading stands in all copies, so that no comparison can find it."""
    copies = tuple(replace(one, figures=figures_of(boxes, one.figures)) for one in case.copies)
    return replace(case, copies=copies)


def misread(change: Callable[[Random, str], str]) -> Fault:
    """A fault that changes the digits of one box."""

    def fault(chance: Random, case: Case) -> Case | None:
        boxes = boxes_of(case.copies[0].figures)
        name = chance.choice(sorted(boxes))
        came = int(change(chance, str(boxes[name])))
        return None if came == boxes[name] else in_every_copy(case, boxes | {name: came})

    return fault


def _extra_digit(chance: Random, digits: str) -> str:
    at = chance.randint(0, len(digits))
    return digits[:at] + chance.choice("0123456789") + digits[at:]


def _lost_digit(chance: Random, digits: str) -> str:
    at = chance.randrange(len(digits))
    return digits[:at] + digits[at + 1 :] or "0"


def _one_as_seven(chance: Random, digits: str) -> str:
    places = [at for at, digit in enumerate(digits) if digit == "1"]
    if not places:
        return digits
    at = chance.choice(places)
    return digits[:at] + "7" + digits[at + 1 :]


def _hundreds(chance: Random, digits: str) -> str:
    """617 for 117: the commonest fault of 2024."""
    return str(int(digits) + 100 * chance.randint(1, 8))


def above_the_voters(chance: Random, case: Case) -> Case:
    """More votes than ballots, with every sum made to agree."""
    boxes = boxes_of(case.copies[0].figures)
    more = (case.registered or 0) * 2 + 20 - boxes["pengguna_j"] + chance.randint(0, 60)
    choice = chance.choice([name for name in sorted(boxes) if name.startswith("suara_")])
    risen = {name: boxes[name] + more for name in (choice, "sah", "pengguna_j")}
    return in_every_copy(case, boxes | risen)


def a_fallen_choice(chance: Random, case: Case) -> Case | None:
    """A later version in which a choice has fewer votes than were published; every sum agrees."""
    boxes = boxes_of(case.copies[0].figures)
    choices = [name for name in sorted(boxes) if name.startswith("suara_") and boxes[name]]
    if not choices:
        return None
    choice = chance.choice(choices)
    less = chance.randint(1, boxes[choice])
    fallen = {name: boxes[name] - less for name in (choice, "sah", "pengguna_j")}
    later = in_every_copy(case, boxes | fallen)
    return replace(later, published=case.copies[0])


def moved_votes_since(chance: Random, case: Case) -> Case | None:
    """A later version in which votes went from one choice to another; every sum agrees."""
    boxes = boxes_of(case.copies[0].figures)
    giver, taker = chance.sample([name for name in sorted(boxes) if name.startswith("suara_")], 2)
    if not boxes[giver]:
        return None
    moved = chance.randint(1, boxes[giver])
    later = in_every_copy(case, boxes | {giver: boxes[giver] - moved, taker: boxes[taker] + moved})
    return replace(later, published=case.copies[0])


def swapped_choices(chance: Random, case: Case) -> Case | None:
    """Two choices change places in one of the copies."""
    boxes = boxes_of(case.copies[0].figures)
    first, second = chance.sample([name for name in sorted(boxes) if name.startswith("suara_")], 2)
    if boxes[first] == boxes[second]:
        return None
    at = chance.randrange(len(case.copies))
    spoilt = figures_of(boxes | {first: boxes[second], second: boxes[first]}, case.copies[at].figures)
    return replace(case, copies=_with(case.copies, at, spoilt))


def a_third_copy_that_differs(chance: Random, case: Case) -> Case | None:
    """Two copies agree, that of a witness has two choices the other way round."""
    third = replace(case, copies=(*case.copies, replace(case.copies[0], source="saksi-02")))
    spoilt = swapped_choices(chance, replace(third, copies=third.copies[2:]))
    return spoilt and replace(third, copies=(*case.copies, *spoilt.copies))


def swapped_boxes(chance: Random, case: Case) -> Case | None:
    """A figure stands in the box of another sort, in every copy: the sum breaks."""
    boxes = boxes_of(case.copies[0].figures)
    total = chance.choice(["sah", "tidak_sah", "pengguna_j"])
    other = chance.choice([name for name in sorted(boxes) if name != total])
    if boxes[total] == boxes[other]:
        return None
    return in_every_copy(case, boxes | {total: boxes[other], other: boxes[total]})


def an_empty_box(chance: Random, case: Case) -> Case:
    """A box was not read at all."""
    boxes = boxes_of(case.copies[0].figures)
    return in_every_copy(case, boxes | {chance.choice(sorted(boxes)): None})


def one_reading_alone(chance: Random, case: Case) -> Case:
    """Right figures that nobody has confirmed: reading software proposes, it never decides."""
    return replace(case, copies=(replace(case.copies[0], source="sirekap"),))


def other_voters(chance: Random, case: Case) -> Case | None:
    """The registered voters are misread in every copy."""
    voters = case.copies[0].figures.registered
    change = chance.choice((_extra_digit, _lost_digit, _one_as_seven, _hundreds))
    came = int(change(chance, str(voters)))
    copies = tuple(replace(one, figures=replace(one.figures, registered=came)) for one in case.copies)
    return None if came == voters else replace(case, copies=copies)


def no_voters(chance: Random, case: Case) -> Case:
    """Nobody knows how many voters the station has."""
    copies = tuple(replace(one, figures=replace(one.figures, registered=None)) for one in case.copies)
    return replace(case, copies=copies, registered=None)


def replaced_without_basis(chance: Random, case: Case) -> Case:
    """A repeated vote with the same or higher figures appears, and no entry says why."""
    copies = tuple(replace(one, outcome=Outcome.REVOTE) for one in case.copies)
    return replace(case, copies=copies, published=case.copies[0])


def _with(copies: tuple[Reading, ...], at: int, figures: Figures) -> tuple[Reading, ...]:
    return (*copies[:at], replace(copies[at], figures=figures), *copies[at + 1 :])


FAULTS: dict[str, Fault] = {
    "extra digit": misread(_extra_digit),
    "lost digit": misread(_lost_digit),
    "times ten": misread(lambda chance, digits: digits + "0"),
    "one read as seven": misread(_one_as_seven),
    "hundreds misread": misread(_hundreds),
    "above the voters": above_the_voters,
    "a fallen choice": a_fallen_choice,
    "votes moved since": moved_votes_since,
    "swapped choices": swapped_choices,
    "a third copy that differs": a_third_copy_that_differs,
    "swapped boxes": swapped_boxes,
    "an empty box": an_empty_box,
    "one reading alone": one_reading_alone,
    "other voters": other_voters,
    "no voters": no_voters,
    "replaced without basis": replaced_without_basis,
}


def faults(cases: list[Case], number: int, *, seed: int) -> Iterator[tuple[str, Case]]:
    """`number` faults, the kinds in turn, in stations drawn with the seed."""
    chance = Random(seed)
    kinds = list(FAULTS)
    made = 0
    while made < number:
        kind = kinds[made % len(kinds)]
        spoilt = FAULTS[kind](chance, chance.choice(cases))
        if spoilt is not None:
            made += 1
            yield kind, spoilt
