"""PyTorch, Optax and Keras, made to compute in float64 throughout; import them from here.

JAX has to be told, and Keras turns float64 into float32 in most operations unless its table of
types is mended. Optax counts in int32, whose roots and powers JAX takes in float32, and computes
the decay of Adafactor in float32; PyTorch keeps some factors in its default type, and iterates in
bfloat16 in Muon.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"

import jax
import jax.numpy as jnp
import keras
import optax
import torch
from keras.src.backend.common import dtypes

__all__ = ["in_double", "jax", "jnp", "keras", "optax", "torch", "with_long_counts"]

jax.config.update("jax_enable_x64", True)
keras.config.set_floatx("float64")
dtypes.BIT64_TO_BIT32_DTYPE.update(float64="float64", int64="int64")


@contextmanager
def in_double() -> Iterator[None]:
    """What a framework offers no setting for; put back afterwards, because others run it too."""
    factored = optax._src.factorized.scale_by_factored_rms
    *others, _ = factored.__defaults__
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        with (
            mock.patch.object(factored, "__defaults__", (*others, _decay)),
            mock.patch.object(torch.Tensor, "bfloat16", torch.Tensor.clone),
        ):
            yield
    finally:
        torch.set_default_dtype(before)


def with_long_counts(state: Any) -> Any:
    """A state of Optax with its int32 as int64, whose roots and powers are float64."""
    return jax.tree.map(
        lambda leaf: leaf.astype(jnp.int64) if leaf.dtype == jnp.int32 else leaf, state
    )


def _decay(step: Any, exponent: Any) -> Any:
    return 1.0 - (jnp.asarray(step, jnp.float64) + 1) ** (-exponent)
