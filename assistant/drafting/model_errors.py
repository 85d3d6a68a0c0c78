"""What went wrong with a chat model, in one sentence; the same for every provider.

Providers' own messages stay in the cause: they echo prompts, and some echo parts of keys.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from assistant.drafting.endpoint import Endpoint
from assistant.errors import (
    BadReply,
    ModelBusy,
    ModelError,
    ModelFailed,
    ModelRefusedKey,
    ModelUnreachable,
)

KEPT = "The question is kept; try again, or ask for a metric, which needs no model."
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One failed attempt: what to tell, and whether another attempt may help."""

    error: ModelError
    is_temporary: bool = False
    retry_after_s: float | None = None


def explain(error: Exception, at: Endpoint) -> Failure:
    """Say what a provider's exception means."""
    names = {kind.__name__ for kind in type(error).__mro__}
    status = _status(error)
    if "LengthFinishReasonError" in names:
        return Failure(error=cut_off(at))
    if "ContentFilterFinishReasonError" in names or "OpenAIRefusalError" in names:
        return Failure(error=declined(at))
    if any("ContextOverflow" in name for name in names):
        return Failure(error=ModelFailed(f"{at.label} cannot hold a prompt this long. {KEPT}"))
    if status is not None and status >= 300:
        return _by_status(status, error, at)
    if status is not None or _is_unreadable(error):
        return Failure(error=malformed(at))
    if _is_connection(error, names):
        return Failure(error=ModelUnreachable(f"{at.label} cannot be reached. {KEPT}"))
    return Failure(error=ModelFailed(f"{at.label} failed ({type(error).__name__}). {KEPT}"))


def timed_out(at: Endpoint, timeout_s: float) -> ModelUnreachable:
    """No reply within the time allowed."""
    return ModelUnreachable(f"{at.label} did not answer within {timeout_s:g} s. {KEPT}")


def cut_off(at: Endpoint) -> BadReply:
    """The reply ended at the token limit."""
    return BadReply(f"{at.label} was cut off before its reply was complete. {KEPT}")


def declined(at: Endpoint) -> BadReply:
    """The provider's own rules kept the model from answering."""
    return BadReply(f"{at.label} declined to answer. {KEPT}")


def empty(at: Endpoint) -> BadReply:
    """The reply holds nothing."""
    return BadReply(f"{at.label} gave an empty reply. {KEPT}")


def malformed(at: Endpoint) -> BadReply:
    """The reply is not what was asked for."""
    return BadReply(f"{at.label} gave a malformed reply. {KEPT}")


def _by_status(status: int, error: Exception, at: Endpoint) -> Failure:
    if status in {401, 403}:
        return Failure(error=ModelRefusedKey(f"{at.label} did not accept the key (HTTP {status})."))
    if status == 429:
        return _busy(error, at)
    if status >= 500:
        failed = ModelFailed(f"{at.label} failed on its side (HTTP {status}). {KEPT}")
        return Failure(error=failed, is_temporary=True, retry_after_s=_retry_after(error))
    advice = "Check name and base_url under [model] in platform.toml."
    return Failure(error=ModelFailed(f"{at.label} refused the request (HTTP {status}). {advice}"))


def _busy(error: Exception, at: Endpoint) -> Failure:
    if getattr(error, "code", None) == "insufficient_quota":
        return Failure(error=ModelBusy(f"{at.label} has no quota left (HTTP 429). {KEPT}"))
    wait = _retry_after(error)
    asks = f"; it asks to wait {wait:.0f} s" if wait and wait >= 1 else ""
    busy = ModelBusy(f"{at.label} is over its rate limit (HTTP 429){asks}. {KEPT}")
    return Failure(error=busy, is_temporary=True, retry_after_s=wait)


def _status(error: Exception) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        for name in ("status_code", "code", "http_status"):
            value = getattr(holder, name, None)
            if isinstance(value, int) and not isinstance(value, bool):
                return value
    return None


def _retry_after(error: Exception) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None)
    return retry_after_s(headers) if isinstance(headers, Mapping) else None


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a service asks to wait, given as a number, milliseconds or a date."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(float(milliseconds) / 1000, 0.0)
        written = headers.get("retry-after")
        if not written:
            return None
        if written.strip().replace(".", "", 1).isdigit():
            return float(written)
        return max((parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _is_connection(error: Exception, names: set[str]) -> bool:
    if names & {"APIConnectionError", "APITimeoutError", "TransportError"}:
        return True
    return any(isinstance(cause, OSError) for cause in _causes(error))


def _is_unreadable(error: Exception) -> bool:
    return isinstance(error, _UNREADABLE)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
