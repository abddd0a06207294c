"""The few fields that the framework lacks: durations and URLs as in this API, and lists through links."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from rest_framework import serializers

_MINUTE = 60


class Duration(serializers.Field):  # type: ignore[type-arg]
    """ISO 8601 without empty parts, such as P15DT18H13M38S; zero is P0D."""

    def to_representation(self, value: timedelta) -> str:
        if not value:
            return "P0D"
        sign, rest = ("-", -value) if value < timedelta(0) else ("", value)
        hours, seconds = divmod(rest.seconds, 3600)
        minutes, seconds = divmod(seconds, 60)
        fraction = f".{rest.microseconds:06d}".rstrip("0") if rest.microseconds else ""
        day = f"{rest.days}D" if rest.days else ""
        hour = f"{hours}H" if hours else ""
        minute = f"{minutes}M" if minutes else ""
        second = f"{seconds}{fraction}S" if seconds or fraction else ""
        of_day = hour + minute + second
        return f"{sign}P{day}{'T' if of_day else ''}{of_day}"


class RunningDuration(Duration):
    """A running duration if a second column has its beginning, up to the last whole minute."""

    def get_attribute(self, instance: Any) -> timedelta | None:
        value: timedelta | None = getattr(instance, str(self.field_name))
        since: datetime | None = getattr(instance, f"{self.field_name}_since")
        if since is None:
            return value
        now = datetime.fromtimestamp(int(time.time()) // _MINUTE * _MINUTE, UTC)
        return (value or timedelta(0)) + max(timedelta(0), now - since.replace(microsecond=0))


class Members(serializers.ListSerializer):  # type: ignore[type-arg]
    """A list stored in a table of links: shows the member of each link."""

    def to_representation(self, data: Any) -> list[Any]:
        show: Any = self.child
        return [show.to_representation(link.member) for link in data.all()]


def members(serializer: type[serializers.BaseSerializer[Any]]) -> Members:
    return Members(child=serializer())


class Address(serializers.HyperlinkedIdentityField):
    """The object's own URL. Its route is named after the resource."""

    def __init__(self, resource: str) -> None:
        super().__init__(view_name=f"{resource}-detail")
