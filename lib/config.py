"""What a reader may choose: one frozen dataclass per question, each field a choice among a finite tuple.

The one declaration is the widget, the address (`?NegativeWeights.lr=0.01`), the cache key, the command line and
the grid that the tests walk. Values are numbers, booleans or the field's own words; labels live in the words files.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, NamedTuple, Self

Value = bool | int | float | str


class Choice(NamedTuple):
    """One field of a Config: its name, what is offered, and the default."""

    name: str
    among: tuple[Value, ...]
    default: Value


def choice(default: Value, *, among: tuple[Value, ...]) -> Any:
    """Declare a field of a Config: one value `among` those offered."""
    if default not in among:
        raise ValueError(f"the default {default!r} is not among {among}")
    if len(set(map(str, among))) != len(among):
        raise ValueError(f"two of {among} look the same in an address")
    return field(default=default, metadata={"among": among})


@dataclass(frozen=True)
class Config:
    """Base of the questions' configs; refuses, with a ValueError, any value that is not offered."""

    _names: ClassVar[dict[str, str]] = {}

    def __init_subclass__(cls) -> None:
        """Refuse two configs of one name: their pages would leak values into each other."""
        home = Config._names.setdefault(cls.__name__, cls.__module__)
        # A module run as a script is `__main__` and itself; that is one config, not two.
        if "__main__" not in (home, cls.__module__) and home != cls.__module__:
            raise ValueError(f"{cls.__name__} is already a Config of {home}")

    def __post_init__(self) -> None:
        """Replace every value by the offered one that equals it, type and all (1 and 1.0 are one cache key)."""
        for item in self.choices():
            given = getattr(self, item.name)
            offered = [v for v in item.among if v == given and isinstance(v, bool) == isinstance(given, bool)]
            if not offered:
                among = ", ".join(map(str, item.among))
                raise ValueError(f"{item.name} cannot be {str(given)[:40]!r}; choose one of {among}")
            object.__setattr__(self, item.name, offered[0])

    @classmethod
    def choices(cls) -> Iterator[Choice]:
        """Yield the fields in order."""
        for item in fields(cls):
            yield Choice(item.name, item.metadata["among"], item.default)  # type: ignore[arg-type]

    @classmethod
    def key(cls, name: str) -> str:
        """Return the field's name in the address."""
        return f"{cls.__name__}.{name}"

    @classmethod
    def slug(cls) -> str:
        """Return the question's name in addresses, folders and tests: negative_weights."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def from_strings(cls, given: Mapping[str, str]) -> Self:
        """Build a config from field names and values as text; ValueError for what is not offered."""
        known = {item.name: {str(v): v for v in item.among} for item in cls.choices()}
        values: dict[str, Any] = {}
        for name, text in given.items():
            if name not in known:
                raise ValueError(f"there is no setting {name[:40]!r}; there are {', '.join(known)}")
            values[name] = known[name].get(text, text)  # what is not offered is refused by __post_init__
        return cls(**values)

    def query(self) -> dict[str, str]:
        """Return all settings as they stand in an address, defaults too: a link outlives a change of default."""
        return {self.key(item.name): str(getattr(self, item.name)) for item in self.choices()}

    @classmethod
    def grid(cls) -> Iterator[Self]:
        """Yield the default, then every config that differs from it in one setting."""
        yield cls()
        for item in cls.choices():
            for value in item.among:
                if value != item.default:
                    yield cls(**{item.name: value})
