"""What the missing stations could still change, whatever anybody assumes about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Lead:
    """The leading choice, who follows, and whether missing stations can still turn it.

    Parameters
    ----------
    first, second : int
        Positions of the choices; the lower position first when votes are equal.
    lead_votes : int
        Votes between them in the stations that are in, >= 0.
    open_votes : int
        The most votes the missing stations can hold, >= 0.

    Examples
    --------
    >>> Lead(0, 1, lead_votes=30, open_votes=29).is_decided
    True
    """

    first: int
    second: int
    lead_votes: int
    open_votes: int

    @property
    def worst_lead_votes(self) -> int:
        """The lead if every vote that can still come were for the second; negative when it would be lost."""
        return self.lead_votes - self.open_votes

    @property
    def is_decided(self) -> bool:
        """No result of the missing stations can take the lead away."""
        return self.worst_lead_votes > 0


def worst_case(votes: NDArray[np.int64], open_votes: int) -> Lead:
    """The bound "every missing vote for the runner-up".

    Parameters
    ----------
    votes : int64 array of shape (n_choices,)
        Sums over the stations that are in, at least two choices.
    open_votes : int
        The most ballots that the missing stations can hold: registered voters plus reserve, >= 0.

    Returns
    -------
    Lead

    Raises
    ------
    ValueError
        If a figure is negative or there is only one choice.

    Examples
    --------
    >>> lead = worst_case(np.array([120, 300, 250]), 40)
    >>> lead.first, lead.second, lead.worst_lead_votes
    (1, 2, 10)
    """
    if votes.ndim != 1 or votes.size < 2 or (votes < 0).any() or open_votes < 0:
        raise ValueError(
            f"wanted votes of two or more choices from 0; came {votes.tolist()} and {open_votes}"
        )
    first, second = sorted(range(votes.size), key=lambda choice: (-int(votes[choice]), choice))[:2]
    return Lead(first, second, int(votes[first] - votes[second]), open_votes)
