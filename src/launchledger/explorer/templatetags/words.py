"""The functions of `wording` as filters."""

from django.template import Library

from launchledger.history import wording

register = Library()
register.filter("ago", wording.ago)
register.filter("count", wording.count)
register.filter("left", wording.left)
register.filter("minute", wording.minute)
register.filter("net", wording.net)
register.filter("source", wording.source)
