"""Frozen dataclasses <-> JSON, driven by type hints.

Fields at their default are left out, so that an index written before a field existed still loads.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Decoder = Callable[[Any], Any]
_decoders: dict[type[Any], Decoder] = {}


def to_json(value: object) -> Any:
    """Return a value as JSON types; dates in ISO 8601, tuples and sets as lists."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value):
        return {
            field.name: to_json(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) != _default(field)
        }
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(to_json(item) for item in value)
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def from_json(cls: type[T], data: Any) -> T:
    """Return the `cls` that `to_json` wrote; raises TypeError or ValueError on anything else."""
    return cast(T, _decoder_of(cls)(data))


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return field.default


def _as_is(data: Any) -> Any:
    return data


def _decoder_of(cls: type[Any]) -> Decoder:
    if cls not in _decoders:
        _decoders[cls] = _record(cls)
    return _decoders[cls]


def _record(cls: type[Any]) -> Decoder:
    hints = get_type_hints(cls)
    decoders = {field.name: _decoder(hints[field.name]) for field in fields(cls)}

    def decode(data: Any) -> Any:
        if not isinstance(data, dict):
            raise TypeError(f"{cls.__name__} cannot be read from {type(data).__name__}")
        try:
            return cls(**{name: decoders[name](item) for name, item in data.items()})
        except KeyError as error:
            raise TypeError(f"{cls.__name__} has no field {error}") from error

    return decode


def _decoder(hint: Any) -> Decoder:
    origin = get_origin(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _decoder_of(hint)
    if hint in (date, datetime):
        parse: Decoder = hint.fromisoformat
        return parse
    if origin in (Union, types.UnionType):
        return _union(get_args(hint))
    if origin is None or origin is Literal:
        return _as_is
    return _container(origin, get_args(hint))


def _union(members: tuple[Any, ...]) -> Decoder:
    """A union is of plain values, or of one kind of record and None."""
    decoders = [_decoder(member) for member in members if member is not type(None)]
    special = [decoder for decoder in decoders if decoder is not _as_is]
    if not special:
        return _as_is
    if len(decoders) > 1:
        raise TypeError(f"A union of {members} cannot be told apart in JSON")
    return lambda data: None if data is None else special[0](data)


def _container(origin: Any, arguments: tuple[Any, ...]) -> Decoder:
    if issubclass(origin, Mapping):
        item = _decoder(arguments[1])
        return lambda data: {key: item(value) for key, value in data.items()}
    make: Callable[[Any], Any] = origin if origin in (tuple, list, set, frozenset) else tuple
    if origin is tuple and Ellipsis not in arguments:
        items = [_decoder(argument) for argument in arguments]
        return lambda data: tuple(item(value) for item, value in zip(items, data, strict=True))
    item = _decoder(arguments[0])
    return lambda data: make(item(value) for value in data)
