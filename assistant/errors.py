"""Every error the assistant raises, and the exit code each one means.

AssistantError
├── BadSettings             platform.toml or the environment is wrong (exit 2)
├── BadQuestion             the question is empty or too large (exit 2)
├── PlatformNotFound        no platform where one was looked for (exit 3)
├── JournalOutOfReach       the journal cannot be read or written (exit 3)
├── NoReceipt               no question of the asker's has this id (exit 1)
├── ModelError              the chat model could not be used (exit 3)
│   ├── ModelUnreachable    no connection, or a time-out
│   ├── ModelRefusedKey     401 or 403
│   ├── ModelBusy           429, or the budget is spent
│   ├── ModelFailed         5xx
│   ├── BadReply            malformed, empty or cut off
│   └── NotRecorded         a replay holds no reply to this request
├── QueryRejected           the guard refused the SQL (exit 1)
├── QueryFailed             the engine could not run it (exit 1)
│   ├── LimitHit            time, memory or size
│   └── EngineBusy
└── Cancelled               the asker stopped it (exit 130)

Errors of the catalogue keep their own tree in `catalogue.errors`.
"""


class AssistantError(Exception):
    """Base of everything the assistant raises."""

    code = "assistant"
    exit_code = 1


class BadSettings(AssistantError):
    """platform.toml or the environment is wrong; names the key and the file."""

    code = "bad_settings"
    exit_code = 2


class BadQuestion(AssistantError):
    """The question is empty or too large."""

    code = "bad_question"
    exit_code = 2


class PlatformNotFound(AssistantError):
    """No platform was found where one was looked for."""

    code = "platform_not_found"
    exit_code = 3


class JournalOutOfReach(AssistantError):
    """The journal cannot be read or written: no question is answered that cannot be recorded."""

    code = "journal"
    exit_code = 3


class NoReceipt(AssistantError):
    """No question that this asker may look at again has the id."""

    code = "no_receipt"


class ModelError(AssistantError):
    """The chat model could not be used; the question is kept."""

    code = "model"
    exit_code = 3


class ModelUnreachable(ModelError):
    """No connection to the model, or no reply in time."""

    code = "model_unreachable"


class ModelRefusedKey(ModelError):
    """The model's service did not accept the key."""

    code = "model_refused_key"


class ModelBusy(ModelError):
    """The model's service is over its rate limit or quota."""

    code = "model_busy"


class ModelFailed(ModelError):
    """The model's service failed on its side."""

    code = "model_failed"


class BadReply(ModelError):
    """The model's reply was malformed, empty or cut off."""

    code = "bad_reply"


class NotRecorded(ModelError):
    """A replay of recorded replies holds none to this request; names what changed."""

    code = "not_recorded"


class QueryRejected(AssistantError):
    """The guard refused a query.

    `rule` names the rule; `repair` is the message written for a model, or None where
    no rewording may help (a policy rejection).
    """

    code = "query_rejected"

    def __init__(self, message: str, *, rule: str, repair: str | None = None) -> None:
        super().__init__(message)
        self.rule = rule
        self.repair = repair


class QueryFailed(AssistantError):
    """The engine could not run a checked query.

    `repair` is a message for a model without any value from the data, or None.
    """

    code = "query_failed"

    def __init__(self, message: str, *, repair: str | None = None) -> None:
        super().__init__(message)
        self.repair = repair


class LimitHit(QueryFailed):
    """The query ran into its limit of time, memory or size."""

    code = "limit_hit"


class EngineBusy(QueryFailed):
    """Too many queries are waiting."""

    code = "engine_busy"


class Cancelled(AssistantError):
    """The asker stopped the question."""

    code = "cancelled"
    exit_code = 130
