#!/usr/bin/env python3
"""Compare the derived numbers that upstream sent with those of this catalogue: `python tools/compare_numbers.py`.

The folder named by LAUNCHLEDGER_UPSTREAM must hold `upstream/projected-2.2.0` (flown launches until September 2024, facts only)
and replies in `upstream/2.2.0`, of which `shapes-2.2.0.tsv` names the current ones. All are loaded into a temporary catalogue.
Prints the tables of docs/numbers.md: first the comparable numbers, then the output of `launchledger statistics --compare` for all
of them, of which most differ because upstream counts launches that no reply has.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from launchledger.catalogue.records import Record

PEOPLE_AT = datetime(2026, 7, 15, tzinfo=UTC)
AGES_AT = date(2025, 12, 9)
PROJECTED_AT = datetime(2024, 9, 10, tzinfo=UTC)
FINISHED = (3, 4, 7)
LEFT = (*FINISHED, 6)
WHOLE_PAGE = 10  # launches of a reply that has all upcoming ones; larger replies are cut, or joined from several
UNION = "launch__results__2.json"  # joined from six replies of different days
# How each kind of rank groups launches, in the catalogue and in a reply.
GROUPS: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "orbital": ("", lambda launch: None),
    "location": ("pad__location", lambda launch: launch["pad"]["location"]["id"]),
    "pad": ("pad", lambda launch: launch["pad"]["id"]),
    "agency": ("launch_service_provider", lambda launch: launch["launch_service_provider"]["id"]),
}


def main() -> int:
    root = Path(os.environ.get("LAUNCHLEDGER_UPSTREAM", "/nowhere")) / "upstream"
    if not (root / "projected-2.2.0").is_dir():
        print("LAUNCHLEDGER_UPSTREAM must name a folder with upstream/projected-2.2.0", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/numbers.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "launchledger.conf.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        begin = time.monotonic()
        print(f"{_load_projected(root):,} flown launches loaded, {time.monotonic() - begin:.0f} s")
        _print_ranks(root)
        _print_records(root)
        _print_people_and_places(root)
        print(f"\n{_load_current(root):,} objects of current replies loaded")
        _print_comparisons()
    _print_ties(root)
    _print_open(root)
    return 0


def _load_projected(root: Path) -> int:
    from launchledger.catalogue.actions import Observation, observe

    launches = _projected(root, "launch-previous")
    observe([Observation(list(_records(launch)), "projected", PROJECTED_AT) for launch in launches])
    return len(launches)


def _projected(root: Path, endpoint: str) -> list[dict[str, Any]]:
    files = sorted((root / "projected-2.2.0").glob(f"{endpoint}__*.json"))
    return [each for file in files for each in json.loads(file.read_text(encoding="utf-8"))]


def _records(launch: dict[str, Any]) -> Iterator[Record]:
    """The records of a projected launch, as of a reply."""
    from launchledger.catalogue.records import Record
    from launchledger.formats.times import parse_date_time

    provider, configuration = launch["launch_service_provider"], launch["rocket"]["configuration"]
    status, pad, mission = launch["status"], launch["pad"], launch.get("mission")
    location = pad["location"]["name"]
    columns = {
        "name": launch["name"],
        "status": status["id"],
        "net": parse_date_time(launch["net"]),
        "launch_service_provider": provider["id"],
        "configuration": configuration["id"],
        "pad": pad["id"],
    }
    yield Record("Launch", launch["id"], columns | ({"mission": mission["id"]} if mission else {}))
    yield Record("LaunchStatus", status["id"], {"name": status["name"]})
    yield Record("Agency", provider["id"], {"name": provider["name"]})
    yield Record("LauncherConfiguration", configuration["id"], {"name": configuration["name"]})
    yield Record("Pad", pad["id"], {"name": pad["name"], "location": location["id"]})
    yield Record("Location", location["id"], {"name": location["name"]})
    if mission:
        yield Record("Mission", mission["id"], {"name": mission["name"]})


def _current(root: Path) -> list[Path]:
    lines = (root / "shapes-2.2.0.tsv").read_text(encoding="utf-8").splitlines()
    return [root / "2.2.0" / row["file"] for row in csv.DictReader(lines, delimiter="\t") if row["current shape"] == "yes"]


def _load_current(root: Path) -> int:
    from launchledger.ingest.loading import Instructions, Loader

    loader = Loader(Instructions())
    for file in _current(root):
        loader.load(file)
    return sum(sum(counts.values()) for counts in loader.report.outcomes.values())


def _print_comparisons() -> None:
    from launchledger.catalogue.statistics.comparing import compare

    print("\n| number | compared | equal |\n|---|---:|---:|")
    for each in compare(datetime.now(UTC)):
        if each.compared:
            print(f"| `{each.model}.{each.number}` | {each.compared:,} | {each.equal:,} |")


def _print_ranks(root: Path) -> None:
    """Launches in replies from before they flew, each placed by its net of that time among the launches that flew later."""

    from launchledger.catalogue.models.launches import Launch

    counts: Counter[tuple[str, int]] = Counter()
    for sent in _ranked_launches(root):
        net = datetime.fromisoformat(sent["net"])
        others = Launch.objects.exclude(pk=sent["id"]).filter(net__lte=net)
        for name, (path, group) in GROUPS.items():
            ours = others.filter(**{path: group(sent)}) if path else others
            for end, rows in (("", ours), ("_year", ours.filter(net__year=net.year))):
                number = f"{name}_launch_attempt_count{end}"
                if sent[number] is not None and not (name == "orbital" and _is_suborbital(sent)):
                    counts[number, rows.count() + 1 - sent[number]] += 1
    print("\n| rank of launches until September 2024 | compared | equal | ours is larger | smaller |\n|---|---:|---:|---:|---:|")
    for number in dict.fromkeys(number for number, _ in counts):
        off = {difference: count for (name, difference), count in counts.items() if name == number}
        larger = sum(count for difference, count in off.items() if difference > 0)
        equal = off.get(0, 0)
        compared = sum(off.values())
        print(f"| `{number}` | {compared} | {equal} | {larger} | {compared - equal - larger} |")


def _ranked_launches(root: Path) -> Iterator[dict[str, Any]]:
    """Every launch with ranks in any reply whose net is before the last of the flown launches."""
    waiting = [json.loads(file.read_text(encoding="utf-8")) for file in sorted((root / "2.2.0").glob("*.json"))]
    until = PROJECTED_AT.isoformat()
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
            if "pad_launch_attempt_count" in value and value["net"] and value["net"] < until:
                yield value


def _print_records(root: Path) -> None:
    """Agencies and configurations that did not launch since: those for which upstream counts as many launches as we do."""
    from launchledger.catalogue.statistics.numbers import FAMILIES

    now = datetime.now(UTC)
    print("\n| number, where nothing launched since | compared | equal |\n|---|---:|---:|")
    for model, file in (("Agency", "agencies__results__2.json"), ("LauncherConfiguration", "config-launcher__results__1.json")):
        family = next(family for family in FAMILIES if family.model.__name__ == model)
        ours = family.values(None, now)
        sent = json.loads((root / "2.2.0" / file).read_text(encoding="utf-8"))
        same = [each for each in sent if each["total_launch_count"] and _total(ours, each["id"]) == each["total_launch_count"]]
        for number in ("successful_launches", "failed_launches", "consecutive_successful_launches"):
            equal = sum(ours[each["id"]].get(number, 0) == each[number] for each in same)
            print(f"| `{model}.{number}` | {len(same)} | {equal} |")
        adds_up = sum(each["total_launch_count"] == each["successful_launches"] + each["failed_launches"] for each in sent)
        print(f"| `{model}`: sent total = sent successful + sent failed | {len(sent)} | {adds_up} |")


def _print_people_and_places(root: Path) -> None:
    """Locations as of the flown launches, first and last flights of people with all their flights, and ages."""
    from launchledger.catalogue.actions import Observation, observe
    from launchledger.catalogue.models.astronauts import Astronaut
    from launchledger.catalogue.models.launches import Launch, Location
    from launchledger.catalogue.records import Record
    from launchledger.catalogue.statistics.astronauts import age
    from launchledger.catalogue.statistics.numbers import families_of
    from launchledger.formats.times import parse_date_time

    print("\n| number | compared | equal |\n|---|---:|---:|")
    sent = {
        launch["pad"]["location"]["name"]["id"]: launch["pad"]["location"]["name"]["total_launch_count"]
        for launch in _projected(root, "launch-previous")
    }
    ours = families_of(Location)[0].values(None, PROJECTED_AT)
    _print_row("Location.total_launch_count, September 2024", [ours[key]["total_launch_count"] == sent[key] for key in sent])

    flown = set(Launch.objects.values_list("pk", flat=True))
    people = [
        person
        for person in _projected(root, "astronaut")
        if person["flights"] and {flight["id"] for flight in person["flights"]} <= flown
    ]
    records = [Record("Astronaut", each["id"], {}, {"flights": [flight["id"] for flight in each["flights"]]}) for each in people]
    flights = {flight["id"]: parse_date_time(flight["net"]) for each in people for flight in each["flights"]}
    records += [Record("Launch", key, {"net": net}) for key, net in flights.items()]
    observe([Observation(records, "projected", PEOPLE_AT)])
    numbers = families_of(Astronaut)[0].values(None, PEOPLE_AT)
    for number in ("first_flight", "last_flight"):
        equal = [numbers[each["id"]][number] == datetime.fromisoformat(each[number]) for each in people]
        _print_row(f"Astronaut.{number}, where all flights are known", equal)

    ages = []
    for each in json.loads((root / "2.2.0" / "astronaut__results__1.json").read_text(encoding="utf-8")):
        if each["date_of_birth"]:
            until = date.fromisoformat(each["date_of_death"]) if each["date_of_death"] else AGES_AT
            ages.append(age(date.fromisoformat(each["date_of_birth"]), until) == each["age"])
    _print_row(f"Astronaut.age, on {AGES_AT}", ages)


def _print_row(title: str, equal: list[bool]) -> None:
    print(f"| {title} | {len(equal):,} | {sum(equal):,} |")


def _total(ours: Any, key: int) -> int:
    return int(ours.get(key, {}).get("total_launch_count", 0))


def _print_ties(root: Path) -> None:
    """Launches of one reply: whether those with the same net share their ranks, and a later net has a larger rank."""
    counts: Counter[tuple[str, str, bool]] = Counter()
    for file in _current(root):
        if file.name.startswith("launch__") and file.name != UNION:
            body = json.loads(file.read_text(encoding="utf-8"))
            for name, (_, group) in GROUPS.items():
                launches = [each for each in (body["results"] if isinstance(body, dict) else body) if _has_ranks(each)]
                ranked = [each for each in launches if not (name == "orbital" and _is_suborbital(each))]
                for one, other in combinations(sorted(ranked, key=lambda each: str(each["net"])), 2):
                    if group(one) == group(other):
                        ranks = one[f"{name}_launch_attempt_count"], other[f"{name}_launch_attempt_count"]
                        is_tie = one["net"] == other["net"]
                        good = ranks[0] == ranks[1] if is_tie else ranks[0] < ranks[1]
                        counts[name, "the same net, the same rank" if is_tie else "a later net, a larger rank", good] += 1
    print("\n| pairs of launches in one reply | compared | true |\n|---|---:|---:|")
    for name, rule in sorted({(name, rule) for name, rule, _ in counts}):
        good = counts[name, rule, True]
        print(f"| {name}: {rule} | {good + counts[name, rule, False]:,} | {good:,} |")


def _has_ranks(launch: dict[str, Any]) -> bool:
    """Launches in the list mode have none."""
    return bool(launch["net"]) and "pad_launch_attempt_count" in launch


def _print_open(root: Path) -> None:
    """Launches without a result in a reply: their precision, whether their pad counts them, and their result in later replies."""
    precisions: Counter[tuple[str, str]] = Counter()
    next_ones: Counter[bool] = Counter()
    sent: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for file in sorted((root / "2.2.0").glob("launch__*.json")):
        body = json.loads(file.read_text(encoding="utf-8"))
        launches = body if isinstance(body, list) else body.get("results", [body])
        for launch in launches:
            precision, status = (launch.get(name) or {} for name in ("net_precision", "status"))
            if status.get("id") not in FINISHED:
                precisions[status.get("abbrev", "?"), precision.get("abbrev", "none")] += 1
            if launch.get("last_updated"):
                sent[launch["id"]].append((launch["last_updated"], launch))
        if len(launches) <= WHOLE_PAGE:
            next_ones.update(_is_next(launch, launches) for launch in launches if _has_ranks(launch))
    print("\n| launches without a result | sent |\n|---|---:|")
    for (status, precision), count in sorted(precisions.items()):
        print(f"| {status}, {precision} | {count} |")
    print(
        f"\n{next_ones[True]} of {next_ones.total()}: rank = the pad's total + launches of the page up to it that have not flown"
    )
    fates: Counter[tuple[str, str]] = Counter()
    for replies in sent.values():
        *earlier, (_, last) = sorted(replies, key=lambda each: each[0])
        for _, launch in earlier:
            if launch["status"]["id"] not in FINISHED:
                fates[launch["status"]["abbrev"], _fate(launch, last)] += 1
    print("\n| launches without a result that were sent again | sent |\n|---|---:|")
    for (status, fate), count in sorted(fates.items()):
        print(f"| {status}: {fate} | {count} |")


def _is_next(launch: dict[str, Any], page: list[dict[str, Any]]) -> bool:
    before = [
        each
        for each in page
        if each["pad"]["id"] == launch["pad"]["id"] and each["net"] <= launch["net"] and each["status"]["id"] not in LEFT
    ]
    return bool(launch["pad_launch_attempt_count"] == launch["pad"]["total_launch_count"] + len(before))


def _fate(launch: dict[str, Any], last: dict[str, Any]) -> str:
    if last["net"] != launch["net"]:
        return "moved" if last["status"]["id"] not in LEFT else "flew at another net"
    return "flew" if last["status"]["id"] in LEFT else "still to come"


def _is_suborbital(launch: dict[str, Any]) -> bool:
    return ((launch["mission"] or {}).get("orbit") or {}).get("name") == "Suborbital"


if __name__ == "__main__":
    sys.exit(main())
