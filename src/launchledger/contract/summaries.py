"""The list-mode summaries of a launch's stages: pure functions over rows, in the words of the contract.

Each takes one row a stage, `(serial_number, landing_id, landing_abbrev, landing_success)`, in the order of the stages.
Contract, "Which serializer where": landing = the landing location's abbrev, or "MX Landing" with several;
landing_success = null without a landing, 0 unknown, 1 success, 2 failure, 3 mixed; launcher = serial number, or "MX Launchers".
"""

from collections.abc import Sequence

StageRow = tuple[str | None, int | None, str | None, bool | None]

STAGE_PATHS = (
    ("launcher", "serial_number"),
    ("landing", "id"),
    ("landing", "location", "abbrev"),
    ("landing", "success"),
)

UNKNOWN, SUCCESS, FAILURE, MIXED = 0, 1, 2, 3


def landing(stages: Sequence[StageRow]) -> str | None:
    landings = [stage for stage in stages if stage[1] is not None]
    if len(landings) > 1:
        return "MX Landing"
    return landings[0][2] if landings else None


def landing_success(stages: Sequence[StageRow]) -> int | None:
    outcomes = {stage[3] for stage in stages if stage[1] is not None}
    if not outcomes:
        return None
    if None in outcomes:
        return UNKNOWN
    if len(outcomes) > 1:
        return MIXED
    return SUCCESS if outcomes.pop() else FAILURE


def launcher(stages: Sequence[StageRow]) -> str | None:
    if len(stages) > 1:
        return "MX Launchers"
    return stages[0][0] if stages else None


SUMMARIES = {"landing": landing, "landing_success": landing_success, "launcher": launcher}
