"""Tools that tests of several packages share. Test packages import nothing from each other but from here."""
