"""Property tests judge results, not speed: a busy machine is no failure."""

from hypothesis import settings

settings.register_profile("launchledger", deadline=None)
settings.load_profile("launchledger")
