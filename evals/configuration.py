"""What is measured: the assistant with one chat model, live, recorded or replayed, or with none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.drafting.chat import MODEL_TIMEOUT_S, LangChainChat
from assistant.drafting.recording import Cassette, RecordingChat, ReplayingChat
from assistant.ports import ChatModel
from assistant.settings import Settings
from evals.errors import BadRun

Mode = Literal["live", "record", "replay"]


class Configuration(BaseModel):
    """One way to set the assistant up. Without a model it is the platform's own, if any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1)] = "default"
    model: str | None = None
    base_url: str | None = None
    timeout_s: Annotated[float, Field(gt=0)] = MODEL_TIMEOUT_S


@dataclass(frozen=True, kw_only=True)
class Chat:
    """The chat model of one suite in one configuration; None is the planner alone."""

    model: ChatModel | None
    close: Callable[[], None] = lambda: None
    """Closes what asking has opened."""


def read_configurations(path: Path) -> tuple[Configuration, ...]:
    """Read a YAML list of configurations with different names; raise BadRun."""
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = TypeAdapter(tuple[Configuration, ...]).validate_python(data)
    except (OSError, UnicodeDecodeError) as error:
        raise BadRun(f"{path} cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        raise BadRun(f"{path} is not YAML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadRun(f"{path}: {where or 'the file'}: {first['msg']}.") from error
    names = [each.name for each in found]
    if not names or len(set(names)) != len(names):
        raise BadRun(f"{path} needs one or more configurations with different names.")
    return found


def chat_of(configuration: Configuration, settings: Settings, mode: Mode, cassette: Path) -> Chat:
    """Return the chat model to ask with; raise BadRun or BadSettings where there can be none."""
    own = settings.model
    name = configuration.model or (own.name if own else None)
    if mode == "replay":
        return _replayed(configuration.model, is_needed=name is not None, cassette=cassette)
    if name is None:
        if mode == "record":
            raise BadRun("There is no model to record: name one with --model.")
        return Chat(model=None)
    address = configuration.base_url or (own.base_url if own and not configuration.model else None)
    live = LangChainChat(name, address, timeout_s=configuration.timeout_s)
    if mode == "live":
        return Chat(model=live, close=live.close)
    recording = RecordingChat(model=live, cassette=Cassette(cassette))
    return Chat(model=recording, close=live.close)


def _replayed(wanted: str | None, *, is_needed: bool, cassette: Path) -> Chat:
    if not cassette.exists():
        if is_needed:
            raise BadRun(f"There is nothing to replay: no cassette {cassette}. Record it first.")
        return Chat(model=None)
    kept = Cassette(cassette)
    if wanted is None and len(kept.models) != 1:
        names = ", ".join(kept.models) or "none"
        raise BadRun(f"{cassette} holds replies of {names}; say which with --model.")
    name = wanted or kept.models[0]
    return Chat(model=ReplayingChat(name=name, cassette=kept))


def cassette_of(suite: Path) -> Path:
    """Return where the recorded replies of a suite's file live."""
    home = suite.parent.parent if suite.parent.name == "suites" else suite.parent
    return home / "cassettes" / f"{suite.stem}.jsonl"


def as_mapping(configuration: Configuration) -> Mapping[str, Any]:
    """Return what of a configuration belongs to a run's plan."""
    return configuration.model_dump(exclude={"base_url", "timeout_s"})
