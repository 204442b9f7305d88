"""Calls of the frameworks' own schedules whose rates are kept in `framework_schedules.json`.

Functions and losses stand for themselves by name, since the file is JSON.
"""

import math
from collections.abc import Callable
from typing import Any

Call = tuple[str, str, dict[str, Any], float | None]
"""Framework, class, arguments, the optimizer's rate (PyTorch)."""

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "decaying": lambda e: 0.95**e,
    "falling": lambda e: max(0, 1 - e / 50),
    "nearly_one": lambda e: 0.97,
    "swinging": lambda x: 0.5 * (1 + math.sin(x * math.pi / 2)),
    "shrinking": lambda x: 0.9**x,
}

LOSSES: dict[str, Callable[[int], float]] = {
    "decay_noise": lambda k: 3 * math.exp(-k / 40) + 0.2 * math.cos(1.7 * k * k),
    "stairs": lambda k: 6.0 - k // 40,
    "rise": lambda k: math.log1p(k / 20) + 0.05 * math.sin(3 * k),
    "const": lambda k: 2.0,
    "negative": lambda k: 0.1 - k / 8 if k < 60 else -7.5 + math.sin(k / 9),
    "nan": lambda k: math.nan if k % 7 == 3 else 1.0 / (1 + k // 30),
    "zigzag": lambda k: 1.0 + 0.5 * (k % 2) - 0.001 * k,
}


def with_functions(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments with functions in place of their names."""
    return {
        name: FUNCTIONS[value] if name in ("lr_lambda", "scale_fn") else value
        for name, value in arguments.items()
    }


CALLS: tuple[Call, ...] = (
    ("torch", "LambdaLR", {"lr_lambda": "decaying"}, 0.1),
    ("torch", "LambdaLR", {"lr_lambda": "falling"}, 0.5),
    ("torch", "MultiplicativeLR", {"lr_lambda": "nearly_one"}, 0.1),
    ("torch", "StepLR", {"step_size": 30}, 0.1),
    ("torch", "StepLR", {"step_size": 7, "gamma": 0.8}, 1.0),
    ("torch", "StepLR", {"step_size": 1, "gamma": 0.99}, 0.3),
    ("torch", "MultiStepLR", {"milestones": [30, 80, 80, 200], "gamma": 0.5}, 0.1),
    ("torch", "MultiStepLR", {"milestones": [200, 10, 50]}, 1.0),
    ("torch", "MultiStepLR", {"milestones": [0, 5]}, 0.1),
    ("torch", "ConstantLR", {}, 0.1),
    ("torch", "ConstantLR", {"factor": 0.5, "total_iters": 40}, 0.2),
    ("torch", "ConstantLR", {"factor": 0.25, "total_iters": 0}, 0.2),
    ("torch", "LinearLR", {}, 0.1),
    ("torch", "LinearLR", {"start_factor": 0.1, "end_factor": 1.0, "total_iters": 50}, 0.1),
    ("torch", "LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 100}, 0.1),
    ("torch", "LinearLR", {"start_factor": 0.5, "end_factor": 0.2, "total_iters": 100}, 0.1),
    ("torch", "ExponentialLR", {"gamma": 0.95}, 0.1),
    ("torch", "ExponentialLR", {"gamma": 1.01}, 0.001),
    ("torch", "PolynomialLR", {}, 0.1),
    ("torch", "PolynomialLR", {"total_iters": 100, "power": 2.0}, 0.1),
    ("torch", "PolynomialLR", {"total_iters": 250, "power": 0.5}, 0.1),
    ("torch", "PolynomialLR", {"total_iters": 100, "power": 0.0}, 0.1),
    ("torch", "CosineAnnealingLR", {"T_max": 50}, 0.1),
    ("torch", "CosineAnnealingLR", {"T_max": 300, "eta_min": 0.0001}, 0.1),
    ("torch", "CosineAnnealingLR", {"T_max": 100, "eta_min": 0.01}, 0.1),
    ("torch", "CosineAnnealingLR", {"T_max": 1}, 0.1),
    ("torch", "CosineAnnealingLR", {"T_max": 2, "eta_min": 0.02}, 0.1),
    ("torch", "CosineAnnealingLR", {"T_max": 7, "eta_min": 0.3}, 0.1),
    ("torch", "CosineAnnealingLR", {"T_max": 37.5}, 0.1),
    ("torch", "CosineAnnealingWarmRestarts", {"T_0": 10}, 0.1),
    ("torch", "CosineAnnealingWarmRestarts", {"T_0": 10, "T_mult": 2, "eta_min": 0.001}, 0.1),
    ("torch", "CosineAnnealingWarmRestarts", {"T_0": 1, "T_mult": 2}, 0.1),
    ("torch", "CosineAnnealingWarmRestarts", {"T_0": 1}, 0.1),
    ("torch", "CyclicLR", {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 20}, 0.5),
    (
        "torch",
        "CyclicLR",
        {
            "base_lr": 0.01,
            "max_lr": 0.1,
            "step_size_up": 20,
            "step_size_down": 40,
            "mode": "triangular2",
        },
        0.5,
    ),
    (
        "torch",
        "CyclicLR",
        {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 15, "mode": "exp_range", "gamma": 0.99},
        0.5,
    ),
    (
        "torch",
        "CyclicLR",
        {"base_lr": 0.01, "max_lr": 0.1, "step_size_up": 20, "scale_fn": "swinging"},
        0.5,
    ),
    (
        "torch",
        "CyclicLR",
        {
            "base_lr": 0.01,
            "max_lr": 0.1,
            "step_size_up": 20,
            "scale_fn": "shrinking",
            "scale_mode": "iterations",
        },
        0.5,
    ),
    (
        "torch",
        "CyclicLR",
        {
            "base_lr": 0.01,
            "max_lr": 0.1,
            "step_size_up": 7,
            "step_size_down": 3,
            "base_momentum": 0.7,
            "max_momentum": 0.99,
        },
        0.5,
    ),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "total_steps": 300}, 0.5),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "total_steps": 100}, 0.5),
    (
        "torch",
        "OneCycleLR",
        {
            "max_lr": 0.1,
            "epochs": 10,
            "steps_per_epoch": 25,
            "anneal_strategy": "linear",
            "pct_start": 0.4,
            "div_factor": 10.0,
            "final_div_factor": 100.0,
        },
        0.5,
    ),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "total_steps": 300, "three_phase": True}, 0.5),
    (
        "torch",
        "OneCycleLR",
        {
            "max_lr": 0.1,
            "total_steps": 280,
            "three_phase": True,
            "anneal_strategy": "linear",
            "pct_start": 0.25,
        },
        0.5,
    ),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "total_steps": 50, "pct_start": 0.0}, 0.5),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "total_steps": 50, "pct_start": 1.0}, 0.5),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "total_steps": 10, "pct_start": 0.1}, 0.5),
    (
        "torch",
        "OneCycleLR",
        {
            "max_lr": 0.1,
            "total_steps": 200,
            "base_momentum": 0.8,
            "max_momentum": 0.9,
            "pct_start": 0.2,
        },
        0.5,
    ),
    ("torch", "SWALR", {"swa_lr": 0.05}, 0.1),
    ("torch", "SWALR", {"swa_lr": 0.02, "anneal_epochs": 40, "anneal_strategy": "linear"}, 0.1),
    ("torch", "SWALR", {"swa_lr": 0.02, "anneal_epochs": 0}, 0.1),
    (
        "torch",
        "SequentialLR",
        {
            "schedulers": [
                {"cls": "LinearLR", "kwargs": {"start_factor": 0.1, "total_iters": 20}},
                {"cls": "CosineAnnealingLR", "kwargs": {"T_max": 200, "eta_min": 0.001}},
            ],
            "milestones": [20],
        },
        0.1,
    ),
    (
        "torch",
        "SequentialLR",
        {
            "schedulers": [
                {"cls": "ConstantLR", "kwargs": {"factor": 0.1, "total_iters": 20}},
                {"cls": "ExponentialLR", "kwargs": {"gamma": 0.98}},
            ],
            "milestones": [20],
        },
        0.1,
    ),
    (
        "torch",
        "SequentialLR",
        {
            "schedulers": [
                {"cls": "ConstantLR", "kwargs": {"factor": 0.1, "total_iters": 300}},
                {"cls": "ExponentialLR", "kwargs": {"gamma": 0.9}},
                {"cls": "StepLR", "kwargs": {"step_size": 10, "gamma": 0.5}},
            ],
            "milestones": [3, 60],
        },
        0.1,
    ),
    (
        "torch",
        "SequentialLR",
        {
            "schedulers": [
                {"cls": "ExponentialLR", "kwargs": {"gamma": 0.9}},
                {"cls": "PolynomialLR", "kwargs": {"total_iters": 100, "power": 1.5}},
            ],
            "milestones": [0],
        },
        0.1,
    ),
    (
        "torch",
        "SequentialLR",
        {
            "schedulers": [
                {"cls": "LinearLR", "kwargs": {"start_factor": 0.2, "total_iters": 10}},
                {"cls": "CosineAnnealingWarmRestarts", "kwargs": {"T_0": 30, "T_mult": 2}},
            ],
            "milestones": [10],
        },
        0.1,
    ),
    (
        "torch",
        "ChainedScheduler",
        {
            "schedulers": [
                {"cls": "ConstantLR", "kwargs": {"factor": 0.1, "total_iters": 20}},
                {"cls": "ExponentialLR", "kwargs": {"gamma": 0.98}},
            ]
        },
        0.1,
    ),
    (
        "torch",
        "ChainedScheduler",
        {
            "schedulers": [
                {"cls": "LinearLR", "kwargs": {"start_factor": 0.25, "total_iters": 30}},
                {"cls": "CosineAnnealingLR", "kwargs": {"T_max": 300, "eta_min": 0.001}},
            ]
        },
        0.1,
    ),
    (
        "torch",
        "ChainedScheduler",
        {
            "schedulers": [
                {"cls": "StepLR", "kwargs": {"step_size": 40, "gamma": 0.5}},
                {"cls": "ExponentialLR", "kwargs": {"gamma": 0.99}},
                {"cls": "LinearLR", "kwargs": {"start_factor": 0.5, "total_iters": 10}},
            ]
        },
        0.1,
    ),
    (
        "torch",
        "SequentialLR",
        {
            "schedulers": [
                {
                    "cls": "ChainedScheduler",
                    "kwargs": {
                        "schedulers": [
                            {"cls": "LinearLR", "kwargs": {"start_factor": 0.1, "total_iters": 5}},
                            {"cls": "ConstantLR", "kwargs": {"factor": 0.1, "total_iters": 5}},
                        ]
                    },
                },
                {"cls": "ConstantLR", "kwargs": {"factor": 0.5, "total_iters": 50}},
            ],
            "milestones": [5],
        },
        0.05,
    ),
    ("optax", "constant_schedule", {"value": 0.1}, None),
    (
        "optax",
        "polynomial_schedule",
        {"init_value": 0.1, "end_value": 0.01, "power": 2.0, "transition_steps": 100},
        None,
    ),
    (
        "optax",
        "polynomial_schedule",
        {
            "init_value": 0.01,
            "end_value": 0.1,
            "power": 0.5,
            "transition_steps": 50,
            "transition_begin": 20,
        },
        None,
    ),
    (
        "optax",
        "polynomial_schedule",
        {"init_value": 0.1, "end_value": 0.0, "power": 1, "transition_steps": 0},
        None,
    ),
    (
        "optax",
        "polynomial_schedule",
        {
            "init_value": 0.1,
            "end_value": 0.0,
            "power": 1,
            "transition_steps": 20,
            "transition_begin": -5,
        },
        None,
    ),
    (
        "optax",
        "linear_schedule",
        {"init_value": 0.0, "end_value": 0.1, "transition_steps": 30},
        None,
    ),
    (
        "optax",
        "linear_schedule",
        {"init_value": 0.1, "end_value": 0.02, "transition_steps": 200, "transition_begin": 50},
        None,
    ),
    (
        "optax",
        "piecewise_constant_schedule",
        {"init_value": 0.1, "boundaries_and_scales": {30: 0.5, 100: 0.1, 200: 3.0}},
        None,
    ),
    ("optax", "piecewise_constant_schedule", {"init_value": 0.1}, None),
    (
        "optax",
        "piecewise_constant_schedule",
        {"init_value": 0.1, "boundaries_and_scales": {0: 0.5, 10: 0.0}},
        None,
    ),
    (
        "optax",
        "exponential_decay",
        {"init_value": 0.1, "transition_steps": 10, "decay_rate": 0.9},
        None,
    ),
    (
        "optax",
        "exponential_decay",
        {"init_value": 0.1, "transition_steps": 10, "decay_rate": 0.9, "staircase": True},
        None,
    ),
    (
        "optax",
        "exponential_decay",
        {
            "init_value": 0.1,
            "transition_steps": 10,
            "decay_rate": 0.5,
            "transition_begin": 25,
            "end_value": 0.005,
        },
        None,
    ),
    (
        "optax",
        "exponential_decay",
        {"init_value": 0.001, "transition_steps": 10, "decay_rate": 1.5, "end_value": 0.05},
        None,
    ),
    (
        "optax",
        "exponential_decay",
        {"init_value": 0.1, "transition_steps": 10, "decay_rate": 0.0},
        None,
    ),
    (
        "optax",
        "exponential_decay",
        {"init_value": 0.1, "transition_steps": 0, "decay_rate": 0.9},
        None,
    ),
    ("optax", "cosine_decay_schedule", {"init_value": 0.1, "decay_steps": 100}, None),
    (
        "optax",
        "cosine_decay_schedule",
        {"init_value": 0.1, "decay_steps": 250, "alpha": 0.1, "exponent": 2.0},
        None,
    ),
    ("optax", "cosine_decay_schedule", {"init_value": 0.1, "decay_steps": 1}, None),
    ("optax", "linear_onecycle_schedule", {"transition_steps": 200, "peak_value": 0.1}, None),
    ("optax", "linear_onecycle_schedule", {"transition_steps": 3, "peak_value": 0.1}, None),
    (
        "optax",
        "linear_onecycle_schedule",
        {
            "transition_steps": 280,
            "peak_value": 0.1,
            "pct_start": 0.2,
            "pct_final": 0.7,
            "div_factor": 10.0,
            "final_div_factor": 100.0,
        },
        None,
    ),
    ("optax", "cosine_onecycle_schedule", {"transition_steps": 200, "peak_value": 0.1}, None),
    (
        "optax",
        "cosine_onecycle_schedule",
        {
            "transition_steps": 280,
            "peak_value": 0.1,
            "pct_start": 0.15,
            "div_factor": 10.0,
            "final_div_factor": 100.0,
        },
        None,
    ),
    (
        "optax",
        "warmup_constant_schedule",
        {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 40},
        None,
    ),
    (
        "optax",
        "warmup_cosine_decay_schedule",
        {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 20, "decay_steps": 200},
        None,
    ),
    (
        "optax",
        "warmup_cosine_decay_schedule",
        {
            "init_value": 0.01,
            "peak_value": 0.1,
            "warmup_steps": 30,
            "decay_steps": 150,
            "end_value": 0.005,
            "exponent": 1.5,
        },
        None,
    ),
    (
        "optax",
        "warmup_cosine_decay_schedule",
        {"init_value": 0.01, "peak_value": 0.1, "warmup_steps": 0, "decay_steps": 150},
        None,
    ),
    (
        "optax",
        "warmup_exponential_decay_schedule",
        {
            "init_value": 0.0,
            "peak_value": 0.1,
            "warmup_steps": 20,
            "transition_steps": 15,
            "decay_rate": 0.8,
        },
        None,
    ),
    (
        "optax",
        "warmup_exponential_decay_schedule",
        {
            "init_value": 0.0,
            "peak_value": 0.1,
            "warmup_steps": 20,
            "transition_steps": 15,
            "decay_rate": 0.8,
            "transition_begin": 30,
            "staircase": True,
            "end_value": 0.01,
        },
        None,
    ),
    (
        "optax",
        "sgdr_schedule",
        {
            "cosine_kwargs": [
                {
                    "init_value": 0.0,
                    "peak_value": 0.1,
                    "decay_steps": 50,
                    "warmup_steps": 10,
                    "end_value": 0.001,
                },
                {
                    "init_value": 0.001,
                    "peak_value": 0.08,
                    "decay_steps": 100,
                    "warmup_steps": 10,
                    "end_value": 0.001,
                },
                {
                    "init_value": 0.001,
                    "peak_value": 0.05,
                    "decay_steps": 120,
                    "warmup_steps": 20,
                    "end_value": 0.0,
                },
            ]
        },
        None,
    ),
    (
        "optax",
        "piecewise_interpolate_schedule",
        {
            "interpolate_type": "linear",
            "init_value": 0.1,
            "boundaries_and_scales": {50: 0.5, 120: 0.2, 200: 4.0},
        },
        None,
    ),
    (
        "optax",
        "piecewise_interpolate_schedule",
        {
            "interpolate_type": "cosine",
            "init_value": 0.1,
            "boundaries_and_scales": {50: 0.5, 120: 0.2, 200: 4.0},
        },
        None,
    ),
    (
        "optax",
        "join_schedules",
        {
            "schedules": [
                {
                    "cls": "linear_schedule",
                    "kwargs": {"init_value": 0.0, "end_value": 0.1, "transition_steps": 25},
                },
                {"cls": "cosine_decay_schedule", "kwargs": {"init_value": 0.1, "decay_steps": 100}},
                {"cls": "constant_schedule", "kwargs": {"value": 0.003}},
            ],
            "boundaries": [25, 150],
        },
        None,
    ),
    (
        "keras",
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 20, "decay_rate": 0.9},
        None,
    ),
    (
        "keras",
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 20, "decay_rate": 0.5, "staircase": True},
        None,
    ),
    (
        "keras",
        "PiecewiseConstantDecay",
        {"boundaries": [30, 100, 200], "values": [0.1, 0.05, 0.01, 0.02]},
        None,
    ),
    ("keras", "PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 100}, None),
    (
        "keras",
        "PolynomialDecay",
        {
            "initial_learning_rate": 0.1,
            "decay_steps": 60,
            "end_learning_rate": 0.01,
            "power": 2.0,
            "cycle": True,
        },
        None,
    ),
    (
        "keras",
        "PolynomialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 200, "end_learning_rate": 0.0, "power": 0.5},
        None,
    ),
    (
        "keras",
        "InverseTimeDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5},
        None,
    ),
    (
        "keras",
        "InverseTimeDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 25, "decay_rate": 1.0, "staircase": True},
        None,
    ),
    ("keras", "CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 100}, None),
    (
        "keras",
        "CosineDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 250, "alpha": 0.1},
        None,
    ),
    (
        "keras",
        "CosineDecay",
        {
            "initial_learning_rate": 0.0,
            "decay_steps": 150,
            "warmup_target": 0.1,
            "warmup_steps": 30,
            "alpha": 0.05,
        },
        None,
    ),
    ("keras", "CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 20}, None),
    (
        "keras",
        "CosineDecayRestarts",
        {
            "initial_learning_rate": 0.1,
            "first_decay_steps": 30,
            "t_mul": 1.0,
            "m_mul": 0.8,
            "alpha": 0.1,
        },
        None,
    ),
    (
        "keras",
        "CosineDecayRestarts",
        {"initial_learning_rate": 0.1, "first_decay_steps": 10, "t_mul": 1.5, "m_mul": 0.9},
        None,
    ),
)

ODD_CALLS: tuple[Call, ...] = (
    ("torch", "StepLR", {}, 0.1),
    ("torch", "StepLR", {"step_size": 0}, 0.1),
    ("torch", "ExponentialLR", {}, 0.1),
    ("torch", "ConstantLR", {"factor": 1.5}, 0.1),
    ("torch", "ConstantLR", {"factor": -0.1}, 0.1),
    ("torch", "ConstantLR", {"factor": 0.0}, 0.1),
    ("torch", "LinearLR", {"start_factor": 0.0}, 0.1),
    ("torch", "LinearLR", {"start_factor": 1.5}, 0.1),
    ("torch", "LinearLR", {"end_factor": -0.1}, 0.1),
    ("torch", "LinearLR", {"end_factor": 1.1}, 0.1),
    ("torch", "LinearLR", {"total_iters": 0}, 0.1),
    ("torch", "PolynomialLR", {"total_iters": 0}, 0.1),
    ("torch", "CosineAnnealingLR", {"T_max": 0}, 0.1),
    ("torch", "CosineAnnealingLR", {}, 0.1),
    ("torch", "CosineAnnealingLR", {"T_max": -5}, 0.1),
    ("torch", "CosineAnnealingWarmRestarts", {"T_0": 0}, 0.1),
    ("torch", "CosineAnnealingWarmRestarts", {"T_0": 2.5}, 0.1),
    ("torch", "CosineAnnealingWarmRestarts", {"T_0": 5, "T_mult": 0}, 0.1),
    ("torch", "CosineAnnealingWarmRestarts", {"T_0": 5, "T_mult": 1.5}, 0.1),
    ("torch", "CosineAnnealingWarmRestarts", {"T_0": 5, "eta_min": "a"}, 0.1),
    ("torch", "CyclicLR", {"base_lr": 0.1, "max_lr": 0.2, "mode": "CATS"}, 0.1),
    ("torch", "CyclicLR", {"base_lr": 0.2, "max_lr": 0.1, "step_size_up": 5}, 0.1),
    ("torch", "CyclicLR", {"base_lr": 0.1, "max_lr": 0.2, "step_size_up": 0}, 0.1),
    ("torch", "OneCycleLR", {"max_lr": 0.1}, 0.1),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "total_steps": 0}, 0.1),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "total_steps": 10.5}, 0.1),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "total_steps": 10, "pct_start": 1.5}, 0.1),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "total_steps": 10, "pct_start": 1}, 0.1),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "total_steps": 10, "anneal_strategy": "x"}, 0.1),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "total_steps": 10, "pct_start": 0.1}, 0.1),
    ("torch", "OneCycleLR", {"max_lr": 0.1, "epochs": 0, "steps_per_epoch": 3}, 0.1),
    ("torch", "SWALR", {"swa_lr": 0.1, "anneal_strategy": "exp"}, 0.1),
    ("torch", "SWALR", {"swa_lr": 0.1, "anneal_epochs": -1}, 0.1),
    ("torch", "SWALR", {"swa_lr": 0.1, "anneal_epochs": 1.5}, 0.1),
    ("torch", "SequentialLR", {"schedulers": [], "milestones": []}, 0.1),
    (
        "torch",
        "SequentialLR",
        {"schedulers": [{"cls": "ExponentialLR", "kwargs": {"gamma": 0.9}}], "milestones": [3]},
        0.1,
    ),
    (
        "torch",
        "SequentialLR",
        {
            "schedulers": [
                {"cls": "ExponentialLR", "kwargs": {"gamma": 0.9}},
                {"cls": "ReduceLROnPlateau", "kwargs": {}},
            ],
            "milestones": [3],
        },
        0.1,
    ),
    ("torch", "ChainedScheduler", {"schedulers": []}, 0.1),
    (
        "torch",
        "ChainedScheduler",
        {"schedulers": [{"cls": "ReduceLROnPlateau", "kwargs": {}}]},
        0.1,
    ),
    ("torch", "MultiStepLR", {"milestones": []}, 0.1),
    ("torch", "MultiStepLR", {}, 0.1),
    ("optax", "cosine_decay_schedule", {"init_value": 0.1, "decay_steps": 0}, None),
    ("optax", "cosine_decay_schedule", {"init_value": 0.1, "decay_steps": -3}, None),
    (
        "optax",
        "warmup_cosine_decay_schedule",
        {"init_value": 0.0, "peak_value": 0.1, "warmup_steps": 20, "decay_steps": 20},
        None,
    ),
    ("optax", "linear_onecycle_schedule", {"transition_steps": 0, "peak_value": 0.1}, None),
    ("optax", "cosine_onecycle_schedule", {"transition_steps": -1, "peak_value": 0.1}, None),
    (
        "optax",
        "piecewise_constant_schedule",
        {"init_value": 0.1, "boundaries_and_scales": {5: -1.0}},
        None,
    ),
    (
        "optax",
        "piecewise_interpolate_schedule",
        {"interpolate_type": "spline", "init_value": 0.1},
        None,
    ),
    (
        "optax",
        "piecewise_interpolate_schedule",
        {"interpolate_type": "linear", "init_value": 0.1, "boundaries_and_scales": {5: -1.0}},
        None,
    ),
    (
        "optax",
        "exponential_decay",
        {"init_value": 0.1, "transition_steps": -1, "decay_rate": 0.5},
        None,
    ),
    (
        "keras",
        "ExponentialDecay",
        {"initial_learning_rate": 0.1, "decay_steps": 0, "decay_rate": 0.9},
        None,
    ),
    ("keras", "PiecewiseConstantDecay", {"boundaries": [1, 2], "values": [0.1, 0.2]}, None),
    ("keras", "PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 0}, None),
    (
        "keras",
        "InverseTimeDecay",
        {"initial_learning_rate": 0.1, "decay_steps": -1, "decay_rate": 0.5},
        None,
    ),
    ("keras", "CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 0}, None),
    ("keras", "CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 0}, None),
)
"""What may be refused, and what is accepted although it looks odd."""

PLATEAUS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("torch", {}, "decay_noise"),
    ("torch", {"patience": 5, "factor": 0.5}, "stairs"),
    ("torch", {"patience": 3, "cooldown": 10, "factor": 0.3, "min_lr": 0.001}, "decay_noise"),
    ("torch", {"mode": "max", "patience": 4, "factor": 0.5}, "rise"),
    (
        "torch",
        {"mode": "max", "threshold_mode": "abs", "threshold": 0.02, "patience": 2, "cooldown": 3},
        "rise",
    ),
    (
        "torch",
        {"threshold_mode": "abs", "threshold": 0.05, "patience": 6, "factor": 0.7},
        "decay_noise",
    ),
    ("torch", {"patience": 0, "factor": 0.5}, "const"),
    ("torch", {"patience": 0, "factor": 0.9, "eps": 0.001}, "const"),
    ("torch", {"patience": 2}, "negative"),
    ("torch", {"mode": "max", "patience": 2}, "negative"),
    ("torch", {"patience": 3}, "nan"),
    ("torch", {"patience": 1, "factor": 0.5, "cooldown": 2, "min_lr": 0.01}, "zigzag"),
    ("optax", {}, "decay_noise"),
    ("optax", {"patience": 5, "factor": 0.5}, "stairs"),
    ("optax", {"patience": 3, "cooldown": 10, "factor": 0.3, "min_scale": 0.01}, "decay_noise"),
    ("optax", {"patience": 4, "factor": 0.5, "rtol": 0.0, "atol": 0.05}, "decay_noise"),
    ("optax", {"patience": 2, "accumulation_size": 5, "factor": 0.5}, "zigzag"),
    ("optax", {"patience": 1, "factor": 0.5}, "const"),
    ("optax", {"patience": 2}, "negative"),
)
"""Framework, arguments, losses."""
