"""Programs as text: they parse, call in the right order, and say what they cannot do."""

import ast
from typing import Any

import pytest
from msgspec.structs import replace

from lrstudio.core import (
    FRAMEWORKS,
    MODIFIERS,
    OPTIMIZERS,
    SCHEDULES,
    Refused,
    Warmup,
    describe,
    flavoured,
    flavours_of,
)
from lrstudio.engine import Contender
from lrstudio.storage.snippets import PROGRAMS, snippet
from lrstudio.storage.snippets.layout import WIDTH, assignment, call, laid_out, literal

STEPS = 300
MISSING = "NOT IN THIS PROGRAM"

each_framework = pytest.mark.parametrize("framework", PROGRAMS)
each_rule = pytest.mark.parametrize("rule", OPTIMIZERS)
each_schedule = pytest.mark.parametrize("schedule", SCHEDULES)


def of(framework: str, rule: str = "adam", modifiers: tuple = (), **settings: Any) -> Contender:
    """A contender whose rule has the framework's flavour, where it has one."""
    cls = OPTIMIZERS[rule]
    flavour = framework if framework in flavours_of(cls) else "textbook"
    optimizer = replace(flavoured(cls, flavour), modifiers=modifiers)
    return Contender(name="Mine", flavour=flavour, optimizer=optimizer, **settings)


def calls(program: str) -> list[str]:
    """The functions that a program calls, in the order of its lines."""
    nodes = [node for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Call)]
    return [
        ast.unparse(node.func) for node in sorted(nodes, key=lambda n: (n.lineno, n.col_offset))
    ]


def keywords(program: str, function: str) -> dict[str, str]:
    """The arguments by name of the first call of a function."""
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == function:
            return {str(k.arg): ast.unparse(k.value) for k in node.keywords}
    raise AssertionError(f"{function} is not called in\n{program}")


def assert_order(program: str, *names: str) -> None:
    """The first calls of some functions follow each other."""
    found = calls(program)
    places = [next(i for i, name in enumerate(found) if name.endswith(n)) for n in names]
    assert places == sorted(places), program


@each_framework
@each_rule
def test_every_program_is_python_in_lines_of_ordinary_length(framework: str, rule: str) -> None:
    for schedule in (SCHEDULES["constant"](), SCHEDULES["cosine"](warmup=Warmup(steps=20))):
        program = snippet(of(framework, rule, schedule=schedule), STEPS, framework)
        ast.parse(program)
        assert program.endswith("\n")
        assert not program.endswith("\n\n")
        assert all(len(line) <= WIDTH for line in program.splitlines() if line[:1] != "#")
        assert all(line == line.rstrip() for line in program.splitlines())
        assert "\n\n\n\n" not in program


@each_framework
@each_rule
def test_a_rule_that_is_missing_is_a_comment_and_nothing_else(framework: str, rule: str) -> None:
    cls = OPTIMIZERS[rule]
    program = snippet(of(framework, rule), STEPS, framework)
    is_known = bool(FRAMEWORKS[framework].calls_of(cls))
    assert (ast.parse(program).body != []) == is_known
    if not is_known:
        assert all(line.startswith("#") for line in program.splitlines())
        assert f"{FRAMEWORKS[framework].title} {FRAMEWORKS[framework].version}" in program
        assert describe(cls).formula.splitlines()[0].rstrip() in program


@each_framework
@each_rule
def test_all_names_are_bound(framework: str, rule: str) -> None:
    schedule = SCHEDULES["inverse_sqrt"](warmup=Warmup(steps=20, shape="cosine"))
    program = snippet(of(framework, rule, schedule=schedule), STEPS, framework)
    nodes = list(ast.walk(ast.parse(program)))
    used = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        if isinstance(node, ast.arg):
            bound.add(node.arg)
    assert used <= bound | {"range", "print", "len"}, program
    imported = {n for n in bound if n in ("math", "ops", "jnp", "torch", "keras", "optax")}
    assert imported <= used | {"keras"}, "an import that nothing needs"


# --- arguments --------------------------------------------------


def test_only_what_differs_from_the_framework_is_written_and_the_rate() -> None:
    name = "torch.optim.Adam"
    assert keywords(snippet(of("torch"), STEPS, "torch"), name) == {"lr": "0.001"}
    other = of("torch")
    other = replace(other, optimizer=replace(other.optimizer, beta2=0.99, eps=1e-6))
    found = keywords(snippet(other, STEPS, "torch"), name)
    assert found == {"lr": "0.001", "betas": "(0.9, 0.99)", "eps": "1e-06"}
    assert "eps=1e-6" in snippet(other, STEPS, "torch")


def test_what_makes_a_class_another_rule_is_written() -> None:
    found = keywords(snippet(of("torch", "nesterov"), STEPS, "torch"), "torch.optim.SGD")
    assert found["nesterov"] == "True"


def test_another_variant_elsewhere_is_not_said_to_be_none() -> None:
    program = snippet(of("keras", "lbfgs"), STEPS, "keras")
    assert "PyTorch has it in a variant of its own. Optax has it in a variant of its own." in (
        program.replace("\n# ", " ")
    )


def test_a_switch_that_a_framework_has_not_is_named() -> None:
    contender = of("torch", "rmsprop")
    optimizer = replace(contender.optimizer, eps_position="inside")
    program = snippet(replace(contender, optimizer=optimizer), STEPS, "torch")
    assert ast.parse(program).body == []
    assert 'torch.optim.RMSprop is RMSProp, but not with eps_position = "inside"' in program
    assert "flavour PyTorch" in program


@each_framework
@pytest.mark.parametrize("rule", ["sgd", "momentum", "nesterov"])
def test_a_switch_that_decides_nothing_is_no_obstacle(framework: str, rule: str) -> None:
    """Textbook rules have coupled weight decay, of which there is none, and a rate outside."""
    textbook = Contender(name="Mine", optimizer=OPTIMIZERS[rule]())
    assert ast.parse(snippet(textbook, STEPS, framework)).body
    decayed = replace(textbook, optimizer=OPTIMIZERS[rule](weight_decay=0.1))
    is_coupled = framework == "torch"
    assert bool(ast.parse(snippet(decayed, STEPS, framework)).body) == is_coupled
    moved = replace(textbook, schedule=SCHEDULES["cosine"]())
    is_outside = framework != "keras" or rule == "sgd"
    assert bool(ast.parse(snippet(moved, STEPS, framework)).body) == is_outside


# --- the order of calls -----------------------------------------


def test_pytorch_steps_the_scheduler_after_the_optimizer() -> None:
    clipping = (MODIFIERS["clip_norm"](form="torch"), MODIFIERS["clip_value"]())
    contender = of("torch", modifiers=clipping, schedule=SCHEDULES["step"]())
    assert_order(
        snippet(contender, STEPS, "torch"),
        *("optimizer.zero_grad", "loss.backward", "clip_grad_norm_", "clip_grad_value_"),
        *("optimizer.step", "scheduler.step"),
    )


def test_pytorch_gives_a_closure_to_what_asks_for_the_loss_again() -> None:
    program = snippet(of("torch", "lbfgs"), STEPS, "torch")
    assert_order(program, "optimizer.zero_grad", "loss.backward", "optimizer.step")
    assert "optimizer.step(closure)" in program


def test_optax_puts_modifiers_before_the_rule_in_their_order() -> None:
    clipping = (MODIFIERS["clip_norm"](), MODIFIERS["clip_value"](limit=0.5))
    program = snippet(of("optax", modifiers=clipping), STEPS, "optax")
    assert_order(program, "optax.chain", "optax.clip_by_global_norm", "optax.clip", "optax.adam")
    assert_order(program, "optimizer.init", "jax.value_and_grad", "optimizer.update")


def test_optax_tells_what_a_rule_asks_for() -> None:
    program = snippet(of("optax", "lbfgs"), STEPS, "optax")
    found = keywords(program, "optimizer.update")
    assert found == {"value": "loss", "grad": "gradient", "value_fn": "loss_function"}


def test_keras_compiles_and_fits_for_all_steps() -> None:
    program = snippet(of("keras"), STEPS, "keras")
    assert_order(program, "keras.optimizers.Adam", "model.compile", "model.fit")
    assert keywords(program, "model.fit")["epochs"] == "steps"
    assert f"steps = {STEPS}\n" in program


# --- schedules --------------------------------------------------


@each_framework
@each_schedule
def test_every_schedule_is_written_or_said_to_be_missing(framework: str, schedule: str) -> None:
    subject = of(framework, schedule=SCHEDULES[schedule](warmup=Warmup(steps=20)))
    program = snippet(subject, STEPS, framework)
    ast.parse(program)
    is_there = "schedule" in program.replace("# Mine", "").lower().split("steps = ")[1]
    assert is_there or MISSING in program
    assert not (is_there and MISSING in program)


@pytest.mark.parametrize(
    ("framework", "expected"),
    [
        ("torch", "torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=300)"),
        ("keras", "CosineDecay(initial_learning_rate=0.001, decay_steps=300)"),
        ("optax", "optax.cosine_decay_schedule(init_value=0.001, decay_steps=300)"),
    ],
)
def test_a_class_of_the_framework_is_taken_where_it_is_the_same(
    framework: str, expected: str
) -> None:
    program = snippet(of(framework, schedule=SCHEDULES["cosine"]()), STEPS, framework)
    assert expected in program.replace("(\n    ", "(").replace("\n)", ")")


def test_a_cosine_that_rises_again_in_pytorch_is_followed_by_its_end() -> None:
    program = snippet(of("torch", schedule=SCHEDULES["cosine"](length=100)), STEPS, "torch")
    assert keywords(program, "torch.optim.lr_scheduler.SequentialLR") == {
        "schedulers": "[torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=100), "
        "torch.optim.lr_scheduler.ConstantLR(optimizer, factor=0.0, total_iters=201)]",
        "milestones": "[100]",
    }


def test_schedules_that_hold_others_alone_are_not_given_the_optimizer() -> None:
    program = snippet(of("torch", schedule=SCHEDULES["product"]()), STEPS, "torch")
    assert "torch.optim.lr_scheduler.StepLR(optimizer, step_size=100, gamma=0.5)" in program
    assert "ChainedScheduler(optimizer" not in program.replace("\n    ", "")


def test_a_schedule_that_no_class_is_stands_as_a_formula() -> None:
    program = snippet(of("torch", schedule=SCHEDULES["cosine"](power=2.0)), STEPS, "torch")
    assert "    return ((1 + math.cos(math.pi * (k / 300))) / 2) ** 2\n" in program


@each_framework
def test_a_formula_is_multiplied_by_the_rate_as_a_whole(framework: str) -> None:
    subject = of(framework, schedule=SCHEDULES["warmup_stable_decay"]())
    program = snippet(subject, STEPS, framework)
    assert "0.001 * 1 -" not in program


def test_a_straight_warm_up_is_a_scheduler_of_its_own() -> None:
    subject = of("torch", schedule=SCHEDULES["cosine"](warmup=Warmup(steps=20)))
    program = snippet(subject, STEPS, "torch")
    assert keywords(program, "torch.optim.lr_scheduler.SequentialLR")["milestones"] == "[20]"
    assert keywords(program, "torch.optim.lr_scheduler.CosineAnnealingLR") == {"T_max": "280"}


def test_a_loss_that_is_listened_to_is_told() -> None:
    program = snippet(of("torch", schedule=SCHEDULES["reduce_on_plateau"]()), STEPS, "torch")
    assert "    scheduler.step(loss.item())\n" in program


def test_a_cycle_of_momentum_is_not_forgotten() -> None:
    cycle = SCHEDULES["one_cycle"](cycle_momentum=True)
    program = snippet(of("torch", schedule=cycle), STEPS, "torch")
    assert "cycle_momentum" not in keywords(program, "torch.optim.lr_scheduler.OneCycleLR")
    assert MISSING in snippet(of("optax", schedule=cycle), STEPS, "optax")
    program = snippet(of("torch", "sgd", schedule=cycle), STEPS, "torch")
    assert "cycle_momentum=False" in program


# --- modifiers, names, layout -----------------------------------


@each_framework
@pytest.mark.parametrize("modifier", MODIFIERS)
def test_every_modifier_changes_the_program_or_is_said_to_be_missing(
    framework: str, modifier: str
) -> None:
    plain = snippet(of(framework), STEPS, framework)
    program = snippet(of(framework, modifiers=(MODIFIERS[modifier](),)), STEPS, framework)
    ast.parse(program)
    assert program != plain
    is_same = ast.dump(ast.parse(program)) == ast.dump(ast.parse(plain))
    assert is_same == (MISSING in program)
    if is_same:
        assert describe(MODIFIERS[modifier]).title in program


@each_framework
def test_a_name_cannot_break_out_of_its_comment(framework: str) -> None:
    contender = replace(of(framework), name="x\nimport os\r\u2028print('!')\x85")
    assert "import os" in snippet(contender, STEPS, framework).splitlines()[0]
    assert "os" not in [
        ast.unparse(n) for n in ast.walk(ast.parse(snippet(contender, 1, framework)))
    ]


def test_an_unknown_framework_is_refused() -> None:
    with pytest.raises(Refused, match="did you mean 'torch'"):
        snippet(of("torch"), STEPS, "toch")


def test_values_are_written_as_people_write_them() -> None:
    assert literal(1e-8) == "1e-8"
    assert literal(1e22) == "1e22"
    assert literal((0.9, 0.999)) == "(0.9, 0.999)"
    assert literal([1]) == "[1]"
    assert literal((1,)) == "(1,)"
    assert literal("sps") == '"sps"'
    assert literal({10: 0.5}) == "{10: 0.5}"
    assert literal(None) == "None"


@each_schedule
def test_breaking_lines_changes_no_formula(schedule: str) -> None:
    for warmup in (None, Warmup(steps=20, shape="cosine")):
        formula = SCHEDULES[schedule](warmup=warmup).expression(STEPS) or "1"
        for before in ("return ", "x = "):
            broken = ast.parse(laid_out(before, formula)).body[0]
            assert isinstance(broken, ast.Return | ast.Assign)
            whole = ast.parse(formula, mode="eval").body
            assert ast.dump(broken.value or whole) == ast.dump(whole)


def test_long_calls_have_an_argument_on_each_line() -> None:
    long = call("function", *range(5), first="a" * 30, second="b" * 30)
    assert assignment("x", long).splitlines() == [
        "x = function(",
        *(f"    {i}," for i in range(5)),
        f'    first="{"a" * 30}",',
        f'    second="{"b" * 30}",',
        ")",
    ]
    assert laid_out("return ", "f(1)", indent=1) == "    return f(1)"
