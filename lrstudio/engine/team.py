"""A group of lanes that advance together, with its stepper and what surrounds it."""

import numpy as np

from lrstudio.core.arrays import Array, Places, in_company, lined_up_copy
from lrstudio.core.disturbance import Effects
from lrstudio.engine.confining import bounds, confined, confinement
from lrstudio.engine.evaluation import Evaluator
from lrstudio.engine.plan import Group, Plan
from lrstudio.engine.probing import Probe
from lrstudio.engine.stepping import Stepper, Surroundings
from lrstudio.engine.tape import replay_of


class Team:
    """The lanes of one group; several groups work on copies of their columns.

    `arrays` are position `(dim, lanes)`, loss `(lanes,)` and gradient `(dim, lanes)` of all lanes
    as the rules meet them.
    """

    def __init__(
        self,
        plan: Plan,
        group: Group,
        evaluator: Evaluator,
        arrays: tuple[Array, Array, Array],
        *,
        is_alone: bool,
    ) -> None:
        self.lanes = group.lanes
        self._size = group.size
        self._is_alone = is_alone
        self._problem = plan.experiment.problem
        self._evaluator = evaluator
        self._all = tuple(array[..., self.lanes] for array in arrays)
        if is_alone:
            position, self._loss, gradient = arrays
        else:
            position, self._loss, gradient = (lined_up_copy(in_company(a)) for a in self._all)
        first = group.optimizers[0]
        self._needs_loss = first.wants("loss") or first.wants("oracle")
        self.probe = self._probe(position) if first.wants("oracle") else None
        rates = plan.rates
        is_shared = rates.are_shared(self.lanes)
        self._rate_columns = slice(group.first, group.first + 1) if is_shared else self.lanes
        self._all_rates = rates
        self._listening = rates.listening(self.lanes)
        self._rates: list[Array] = []
        self._next_rates: list[Array] = []
        self._momenta: Array | None = None
        self.stepper = Stepper(
            group.optimizers,
            position,
            gradient,
            is_rate_shared=is_shared,
            surroundings=Surroundings(
                loss=self.probe.loss if self.probe else self._loss if self._needs_loss else None,
                oracle=self.probe,
                shape=self._problem.matrix_shape,
                layers=self._problem.layers,
                is_momentum_cycled=group.is_momentum_cycled,
                is_rate_foreseen=first.wants("next_rate"),
            ),
        )
        self.has_average = self.stepper.has_average
        self._own_position = self.stepper.position[:, : group.size]
        self._within = bounds(self._problem)
        self._is_led = self._within is not None and plan.is_drifting and not is_alone
        """Whether its positions are changed elsewhere: where the domain moves."""
        within = None if plan.is_drifting else self._within
        confine = confinement(self.stepper.position, within).operations()
        self._confine = replay_of(confine) if confine else None

    @property
    def extra_evaluations(self) -> Array:
        """What the oracle was asked so far `(lanes,)`."""
        assert self.probe is not None
        return self.probe.count[: self._size]

    def prepare(self, updates: Places, factors: Array, table: Array | None) -> None:
        """Take over the rates of the next updates.

        `factors` `(schedules, n)`; lanes with a listening schedule follow a `table`
        `(n, all lanes)` row by row instead, which changes as the run goes on.
        """
        if table is not None and self._listening.any():
            self._rates = list(table[:, self.lanes])
        else:
            self._rates = self._listed(factors)
        if self.stepper.next_rate is not None:
            self._next_rates = self._listed(self._all_rates.next_factors(updates))
        if self.stepper.momentum is not None:
            self._momenta = self._all_rates.momenta(self.lanes, updates)

    def turn(self, effects: Effects) -> None:
        """Let the oracle answer for this step, with what disturbs this group's lanes."""
        assert self.probe is not None
        self._take_over()
        np.copyto(self.probe.loss, self._loss)
        self.probe.turn(effects)

    def put_average(self, position: Array, offset: Array | None) -> None:
        """Put the points that would be handed over into a row `(dim, all lanes)`.

        `offset` `(dim, all lanes)` says how far the function has moved, if it does.
        """
        moved = None if offset is None else offset[:, self.lanes]
        kept = self.stepper.kept[:, : self._size]
        position[:, self.lanes] = confined(kept, self._within, moved)

    def put_losses(self, position: Array, loss: Array, offset: Array | None) -> None:
        """Put the losses of such rows `(n, dim, all lanes)` into `(n, all lanes)`.

        `offset` says how far the function has moved by then, if it does.
        """
        rows = position[:, :, self.lanes]
        if offset is not None:
            rows = confined(rows - offset[:, :, self.lanes], self._within)
        points = np.ascontiguousarray(np.moveaxis(rows, 1, 0)).reshape(rows.shape[1], -1)
        losses = self._problem.loss(in_company(points))[: points.shape[1]]
        loss[:, self.lanes] = losses.reshape(len(rows), -1)

    def put_loss(self, position: Array, loss: Array, offset: Array | None) -> None:
        """The same for the row of one step, on the examples that it looks at."""
        points = position[:, self.lanes]
        if offset is not None:
            points = confined(points - offset[:, self.lanes], self._within)
        points = in_company(points)
        loss[self.lanes] = self._evaluator.at(points, self.lanes)[0][: self._size]

    def advance(self, k: int) -> None:
        """One update of this group's lanes."""
        stepper = self.stepper
        stepper.rate[...] = self._rates[k]
        if stepper.next_rate is not None:
            stepper.next_rate[...] = self._next_rates[k]
            if self._listening.any():
                # What a listening schedule is going to say is not known.
                np.copyto(stepper.next_rate, stepper.rate, where=self._listening)
        if self._momenta is not None and stepper.momentum is not None:
            stepper.momentum[...] = self._momenta[k]
        self._take_over()
        stepper.advance()
        if self._confine is not None:
            self._confine()
        if not self._is_alone:
            np.copyto(self._all[0], self._own_position)

    def _listed(self, factors: Array) -> list[Array]:
        """Rates of this group's lanes, update by update."""
        rates = self._all_rates.of(self._rate_columns, factors)
        return list(rates if self.stepper.rate.ndim else rates[:, 0])

    def _take_over(self) -> None:
        if self._is_led:
            np.copyto(self.stepper.position, self._all[0])
        if not self._is_alone:
            np.copyto(self.stepper.gradient, self._all[2])
            if self._needs_loss:
                np.copyto(self._loss, self._all[1])

    def _probe(self, position: Array) -> Probe:
        return Probe(self._evaluator, self.lanes, position, self._loss.copy())
