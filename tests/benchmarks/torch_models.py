"""Softmax regression and a perceptron as people train them with PyTorch.

Both loops do what ours does: every step looks at the next batch of an order that is drawn anew for
each epoch, and loss and accuracy of all examples are measured at the start and at the end, and if
that is asked for after each epoch.
"""

from collections.abc import Callable, Iterator
from itertools import count, islice
from typing import Any

import torch

from lrstudio.core import Table

RATE = 1e-3
BATCH = 64
CLASSES = 10

torch.set_num_threads(1)


class Data:
    """A table as tensors, and its batches; `each_epoch` tells whether epochs end with metrics."""

    def __init__(self, table: Table, *, each_epoch: bool) -> None:
        self._each_epoch = each_epoch
        self.x = torch.tensor(table.features)
        self.y = torch.tensor(table.labels)

    def batches(self, steps: int) -> Iterator[tuple[Any, bool]]:
        """Rows of so many batches, and whether all examples are measured after one."""
        orders = (torch.randperm(len(self.x)).split(BATCH) for _ in count())
        batches = ((rows, rows is order[-1]) for order in orders for rows in order)
        for step, (rows, is_last) in enumerate(islice(batches, steps), 1):
            yield rows, step == steps or (self._each_epoch and is_last)


def module_loop(data: Data, hidden: int | None, steps: int) -> None:
    """One model of modules, `torch.optim.Adam` with its defaults."""
    inputs = data.x.shape[1]
    sizes = [inputs, CLASSES] if hidden is None else [inputs, hidden, CLASSES]
    parts: list[Any] = [torch.nn.Linear(sizes[0], sizes[1], dtype=torch.float64)]
    if hidden is not None:
        parts += [torch.nn.Tanh(), torch.nn.Linear(hidden, CLASSES, dtype=torch.float64)]
    model = torch.nn.Sequential(*parts)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    loss_of = torch.nn.CrossEntropyLoss()

    def measure() -> None:
        with torch.no_grad():
            scores = model(data.x)
            loss_of(scores, data.y).item()
            (scores.argmax(dim=1) == data.y).double().mean().item()

    measure()
    for rows, is_measured in data.batches(steps):
        optimizer.zero_grad()
        loss = loss_of(model(data.x[rows]), data.y[rows])
        loss.backward()
        optimizer.step()
        loss.item()  # recorded
        if is_measured:
            measure()


def batched(data: Data, hidden: int | None, lanes: int, *, is_fused: bool) -> Callable[[int], None]:
    """Many models in one batched matrix product, all on the same batches."""
    inputs = data.x.shape[1]
    sizes = [(inputs, CLASSES)] if hidden is None else [(inputs, hidden), (hidden, CLASSES)]

    def train(steps: int) -> None:
        weights = [0.1 * torch.randn(lanes, *size, dtype=torch.float64) for size in sizes]
        biases = [torch.zeros(lanes, 1, size[1], dtype=torch.float64) for size in sizes]
        parameters = [p.requires_grad_() for p in (*weights, *biases)]
        optimizer = torch.optim.Adam(parameters, lr=RATE, fused=is_fused)

        def measure() -> None:
            with torch.no_grad():
                losses, right = _judged(_scores(data.x, weights, biases), data.y)
                (losses.tolist(), right.tolist())

        measure()
        for rows, is_measured in data.batches(steps):
            optimizer.zero_grad()
            losses, _ = _judged(_scores(data.x[rows], weights, biases), data.y[rows])
            losses.sum().backward()
            optimizer.step()
            losses.tolist()  # recorded
            if is_measured:
                measure()

    return train


def _scores(x: Any, weights: list[Any], biases: list[Any]) -> Any:
    """Scores `(lanes, examples, classes)`."""
    z = torch.matmul(x, weights[0]) + biases[0]
    return z if len(weights) == 1 else torch.matmul(torch.tanh(z), weights[1]) + biases[1]


def _judged(scores: Any, y: Any) -> tuple[Any, Any]:
    """Loss and accuracy of every lane."""
    lanes, count, classes = scores.shape
    labels = y.repeat(lanes)
    losses = torch.nn.functional.cross_entropy(
        scores.reshape(-1, classes), labels, reduction="none"
    )
    right = (scores.detach().argmax(dim=2) == y).double().mean(dim=1)
    return losses.reshape(lanes, count).mean(dim=1), right
