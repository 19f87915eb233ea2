"""The base of everything that is read from a TOML or JSON file into typed objects."""

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """A table of a file: an unknown key or a value of another type is a mistake, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
