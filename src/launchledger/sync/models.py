"""The tables of the mirror: calls and what they cost, replies until they are stored, objects set aside, who syncs.

Nothing in them is served, and losing them loses no object: calls would be counted from none, and lists walked anew.
"""

from __future__ import annotations

from django.db import models


class Server(models.Model):
    """An upstream as the budget sees it; `name` is its scheme, host and port. Its row is the lock of its calls.

    `limit` calls in `seconds` are what it said that it allows, both null before it was asked, and `limit` 0 if it does not
    throttle. Until `not_before` it is not asked, because it said so.
    """

    name = models.TextField(primary_key=True)
    limit = models.PositiveIntegerField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    asked_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Call(models.Model):
    """One call that counts. `at` is when it was begun; `ended_at` is the latest time at which it can have reached upstream: when
    its reply came, or before that, and for ever if the process died, the end of the time that a call has.

    `request` is the path below the server with its query, and `outcome` one word, "" before there is one. `is_foreign` is a call
    that upstream counted and that we did not make, as of when it told us.
    """

    server = models.ForeignKey(Server, models.CASCADE)
    at = models.DateTimeField()
    ended_at = models.DateTimeField()
    request = models.TextField()
    outcome = models.TextField(default="")
    is_foreign = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["server", "ended_at"], name="sync_call_window")]

    def __str__(self) -> str:
        return f"{self.request} at {self.at}"


class KeptReply(models.Model):
    """A reply as it came, compressed. `done_at` is when its objects were stored, null before.

    `plan` is what the caller needs to go on from it, as JSON. `at` is the time of the observation.
    """

    server = models.ForeignKey(Server, models.CASCADE)
    request = models.TextField()
    plan = models.JSONField(default=dict)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    length = models.PositiveIntegerField()
    compressed = models.PositiveIntegerField()
    body = models.BinaryField()  # last, so that SQLite reads the other columns without it

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(done_at=None), name="sync_keptreply_waiting")]

    def __str__(self) -> str:
        return f"reply to {self.request} at {self.at}"


class RefusedObject(models.Model):
    """An object of a reply that was not taken in, with the reason, so that its page could go on.

    `resource` is the path of its list and `key` its id as text, or a digest of it if it has none. `request` is where it came from
    last, `path` the JSON path of the error within the object. `version` is that of Launchledger that refused it last.
    """

    server = models.ForeignKey(Server, models.CASCADE)
    resource = models.TextField()
    key = models.TextField()
    request = models.TextField()
    path = models.TextField()
    reason = models.TextField()
    version = models.TextField()
    first_at = models.DateTimeField()
    at = models.DateTimeField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["server", "resource", "key"], name="sync_refused_object")]

    def __str__(self) -> str:
        return f"{self.resource} {self.key}: {self.path}: {self.reason}"


class Lease(models.Model):
    """The one row: who syncs. `token` is another with each holder; `holder` is for people, `process` see `processes`."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    token = models.TextField()
    holder = models.TextField()
    process = models.TextField(default="")
    since = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.holder} since {self.since}"


class SeenObject(models.Model):
    """What an object was like when it was last stored from a reply, to recognise it if it comes again (see `unchanged`).

    `digest` is of the object, `rows` are the hashes of the rows that it is made of, eight bytes each. No entry of the journal up
    to `serial` changed one of them since. `stored_at` is when it was last stored, `seen_at` when it was last recognised.
    """

    server = models.ForeignKey(Server, models.CASCADE)
    shape = models.TextField()
    key = models.TextField()
    serial = models.BigIntegerField()
    stored_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    digest = models.BinaryField()
    rows = models.BinaryField()
    states = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["server", "shape", "key"], name="sync_seen_object")]

    def __str__(self) -> str:
        return f"{self.shape} {self.key}"


class GoneObject(models.Model):
    """An object whose own address was answered with 404 at this time, by the label of its kind (see `gone`)."""

    server = models.ForeignKey(Server, models.CASCADE)
    kind = models.TextField()
    key = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["server", "kind", "key"], name="sync_gone_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} at {self.at}"


class PlanState(models.Model):
    """What the plan of calls knows about an upstream, `state.Known` as JSON.

    `began_at` is when upstream was first asked for anything, `answered_at` when the newest reply came that was taken in.
    """

    server = models.OneToOneField(Server, models.CASCADE, primary_key=True)
    known = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"plan for {self.server_id}"


class WalkedObject(models.Model):
    """An object that the running walk through a list, or the last one, has seen: the path of the list, the number of the walk."""

    server = models.ForeignKey(Server, models.CASCADE)
    path = models.TextField()
    number = models.PositiveIntegerField()
    key = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["server", "path", "number", "key"], name="sync_walked_object")]

    def __str__(self) -> str:
        return f"{self.path}/{self.key} in walk {self.number}"


class AskedObject(models.Model):
    """When an object was last asked for alone, for the facts that only its detail shows."""

    server = models.ForeignKey(Server, models.CASCADE)
    path = models.TextField()
    key = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["server", "path", "key"], name="sync_asked_object")]

    def __str__(self) -> str:
        return f"{self.path}/{self.key} at {self.at}"
