"""The poster is a contract: it is complete, and each of its contracts can fail."""

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = [name.strip("() ") for layer in CONTRACTS[0]["layers"] for name in layer.split("|")]
DOORS = {"web", "api", "cli", "jobs", "mailroom"}
PURE = {"kernel", "guide", "access"}
FILE_LINES = 400


def contract(name: str) -> dict:
    return next(each for each in CONTRACTS if each["name"] == name)


def packages() -> list[str]:
    folders = (path.parent.name for path in (ROOT / "tecum").glob("*/__init__.py"))
    return sorted(set(folders) - {"config", "migrations"})


def sources() -> list[Path]:
    return [
        path
        for top in ("tecum", "tecum_verify")
        for path in (ROOT / top).rglob("*.py")
        if "migrations" not in path.parts
    ]


def test_every_folder_has_its_place():
    assert set(packages()) <= set(LAYERS)


def test_every_capability_has_its_inner_layers():
    wanted = {f"tecum.{name}" for name in packages() if name not in DOORS | PURE}

    assert wanted <= set(contract("Inside a capability")["containers"])


def test_every_capability_with_tables_keeps_them_to_itself():
    for name in packages():
        if (ROOT / "tecum" / name / "models.py").exists() or (ROOT / "tecum" / name / "models").is_dir():
            if name in DOORS | PURE:
                continue
            assert contract(f"Own tables only: {name}")["protected_modules"] == [f"tecum.{name}.models"]


def test_no_capability_may_import_the_assembly():
    wanted = {f"tecum.{name}" for name in packages() if name not in DOORS}

    assert wanted <= set(contract("Capabilities never import the assembly")["source_modules"])


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_four_hundred_lines(path):
    assert len(path.read_text().splitlines()) <= FILE_LINES


@pytest.mark.django_db
def test_foreign_keys_point_down():
    for model in apps.get_app_config("tecum").get_models():
        here = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if target is None or field.auto_created or not target.__module__.startswith("tecum."):
                continue
            there = target.__module__.split(".")[1]
            assert LAYERS.index(there) >= LAYERS.index(here), f"{model.__name__}.{field.name} points up"


def test_model_names_are_unique_over_all_packages():
    names = [
        node.name
        for path in sources()
        if path.name == "models.py" or "models" in path.parts
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and any("models.Model" in ast.unparse(base) for base in node.bases)
    ]

    assert len(names) == len(set(names))


# One violation per contract: the file to write into a copy of the tree, and what to write there.
VIOLATIONS = {
    "The poster": ("tecum/kernel/ids.py", "import tecum.access.rules\n"),
    "Inside a capability": ("tecum/deadlines/rules.py", "import tecum.deadlines.models\n"),
    "Rules never touch Django": ("tecum/deadlines/rules.py", "import django.db\n"),
    "Own tables only: deadlines": ("tecum/jobs/worker.py", "import tecum.deadlines.models\n"),
    "The verifiers stand alone": ("tecum_verify/__init__.py", "import tecum.kernel\n"),
    "Capabilities never import the assembly": ("tecum/deadlines/rules.py", "import tecum.config.clock\n"),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_each_contract_is_red_when_it_is_broken(name, tmp_path):
    for top in ("tecum", "tecum_verify"):
        shutil.copytree(
            ROOT / top, tmp_path / top, ignore=shutil.ignore_patterns("static", "templates", "__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    file, violation = VIOLATIONS[name]
    broken = tmp_path / file
    broken.write_text(broken.read_text() + violation)

    checked = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert checked.returncode == 1
    assert f"{name} BROKEN" in checked.stdout


def test_a_new_folder_fails_until_somebody_decides_its_place(tmp_path):
    shutil.copytree(ROOT / "tecum", tmp_path / "tecum", ignore=shutil.ignore_patterns("static", "templates"))
    shutil.copytree(ROOT / "tecum_verify", tmp_path / "tecum_verify")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "tecum" / "helpers").mkdir()
    (tmp_path / "tecum" / "helpers" / "__init__.py").write_text('"""Everything that found no place."""\n')

    checked = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert checked.returncode == 1
    assert "helpers" in checked.stdout
