"""The Content-Security-Policy of pages: they load from this server alone, except where a page says otherwise."""

from __future__ import annotations


def policy(*, styles: str = "'self'", pictures: str = "'self' data:", fonts: str = "'self'") -> str:
    """The policy of a page that loads its styles, pictures and fonts from these sources."""
    return (
        f"default-src 'none'; script-src 'self'; style-src {styles}; img-src {pictures}; font-src {fonts}; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
