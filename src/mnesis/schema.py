"""What a reply must look like: a small part of JSON Schema, and replies read, checked and made up by it.

Understood are `type` (object, array, string, number, integer, boolean, null), `enum`, `properties`, `required`,
`items`, `minItems`, `maxItems`, `minLength`, `maxLength`, `minimum` and `maximum`. What an object holds beyond its
properties is left away, and so are control characters and halves of surrogate pairs; anything else that does not fit
is `Malformed`.

>>> checked({"name": "Ana", "noise": 1}, {"type": "object", "properties": {"name": {"type": "string"}}})
{'name': 'Ana'}
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random
from typing import Any

from mnesis.errors import Malformed

Schema = Mapping[str, Any]

REPLY = "reply"  # what is no object is asked for, and may come, as the one property of an object
FENCED = re.compile(r"```(?:json)?\s*\n(.*?)```", re.S)
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
LONGEST = 20_000  # characters of one text of a reply
KINDS: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def wrapped(schema: Schema) -> Schema:
    """The schema of an object, as most servers want it: what is none becomes its one property."""
    if schema.get("type") == "object":
        return schema
    return {"type": "object", "properties": {REPLY: schema}, "required": [REPLY]}


def read(text: str, schema: Schema, where: str = "reply") -> Any:
    """The value a reply in words holds: JSON, alone or fenced or after some words; a plain text where one is due.

    >>> read('Sure! {"reply": [1, 2]}', {"type": "array", "items": {"type": "integer"}})
    [1, 2]
    """
    bodies = [text, *FENCED.findall(text), *_bracketed(text)]
    problem = Malformed(where, "the reply is not JSON.")
    for body in bodies:
        try:
            value = json.loads(body, parse_constant=_no_number)
        except (ValueError, RecursionError):
            continue
        try:
            return fitting(value, schema, where)
        except Malformed as err:
            problem = err
    plain = text.strip().strip("`").strip()
    if schema.get("type") == "string" and plain and not plain.startswith(("{", "[")):
        return checked(plain.strip('"') if "enum" in schema else plain, schema, where)
    raise problem


def fitting(value: Any, schema: Schema, where: str = "reply") -> Any:
    """A value that fits the schema, whether it came wrapped or not."""
    if schema.get("type") != "object" and isinstance(value, dict) and set(value) == {REPLY}:
        value = value[REPLY]
    return checked(value, schema, where)


def checked(value: Any, schema: Schema, where: str = "reply") -> Any:
    """The value, without what the schema does not speak of; `Malformed` where it does not fit."""
    if "enum" in schema:
        known = schema["enum"]
        if isinstance(value, str):
            value = next((each for each in known if isinstance(each, str) and each.lower() == value.lower()), value)
        if not any(type(value) is type(each) and value == each for each in known):
            raise Malformed(where, f"{_short(value)} is none of {', '.join(map(str, known))}.")
        return value
    kind = schema.get("type")
    if kind is None:
        return value
    if not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind in ("number", "integer")):
        raise Malformed(where, f"{_short(value)} is no {kind}.")
    if isinstance(value, dict):
        return _object(value, schema, where)
    if isinstance(value, list):
        _bounded(len(value), schema, "Items", "items", where)
        each = schema.get("items", {})
        return [checked(item, each, f"{where}[{n}]") for n, item in enumerate(value)]
    if isinstance(value, str):
        value = UNFIT.sub("", value)
        _bounded(len(value), {"maxLength": LONGEST, **schema}, "Length", "characters", where)
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value != value or value in (float("inf"), float("-inf")):
            raise Malformed(where, f"{value} is not finite.")
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            raise Malformed(where, f"{value} lies outside {schema.get('minimum')} to {schema.get('maximum')}.")
    return value


def _object(value: Mapping[str, Any], schema: Schema, where: str) -> dict[str, Any]:
    missing = [name for name in schema.get("required", ()) if name not in value]
    if missing:
        raise Malformed(where, f"{', '.join(missing)} is missing.")
    known: Mapping[str, Schema] = schema.get("properties", {})
    return {name: checked(value[name], each, f"{where}.{name}") for name, each in known.items() if name in value}


def _bounded(size: int, schema: Schema, what: str, said: str, where: str) -> None:
    least, most = schema.get(f"min{what}", 0), schema.get(f"max{what}", size)
    if not least <= size <= most:
        raise Malformed(where, f"it has {size} {said} where {least} to {most} are asked for.")


def example(schema: Schema, chance: Random) -> Any:
    """A value that fits the schema, made up by chance: what a mind might say that knows nothing.

    >>> example({"type": "string", "enum": ["yes"]}, Random(1))
    'yes'
    """
    if "enum" in schema:
        return chance.choice(list(schema["enum"]))
    kind = schema.get("type", "string")
    if kind == "object":
        needed = set(schema.get("required", ()))
        parts = schema.get("properties", {}).items()
        return {name: example(each, chance) for name, each in parts if name in needed or chance.random() < 0.7}
    if kind == "array":
        least = schema.get("minItems", 0)
        size = chance.randint(least, max(least, min(schema.get("maxItems", 3), least + 3)))
        return [example(schema.get("items", {}), chance) for _ in range(size)]
    if kind == "string":
        least = schema.get("minLength", 0)
        words = ("".join(chance.choices(LETTERS, k=chance.randint(2, 8))) for _ in range(chance.randint(0, 6)))
        text = " ".join(words).ljust(least, "x")
        return text[: schema.get("maxLength", len(text))]
    if kind in ("number", "integer"):
        low = schema.get("minimum", 0)
        high = schema.get("maximum", low + 10)
        return chance.randint(round(low), round(high)) if kind == "integer" else round(chance.uniform(low, high), 3)
    return chance.random() < 0.5 if kind == "boolean" else None


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _bracketed(text: str) -> list[str]:
    """What stands from the first bracket to the last of its kind."""
    opening = re.search(r"[{\[]", text)
    if opening is None:
        return []
    stop = text.rfind("}" if opening[0] == "{" else "]")
    return [text[opening.start() : stop + 1]] if stop > opening.start() else []


def _short(value: Any) -> str:
    said = json.dumps(value, ensure_ascii=False, default=str)
    return said if len(said) <= 60 else f"{said[:57]}…"


__all__ = ["REPLY", "Schema", "checked", "example", "fitting", "read", "wrapped"]
