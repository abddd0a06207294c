// Colours for the JSON of the page.
prettyPrint();
