"""The wording of values, for templates."""

from django.template import Library

from launchledger.explorer import wording

register = Library()
register.filter("count", wording.count)
register.filter("moment", wording.moment)
register.filter("net", wording.net)
register.filter("source", wording.source)
