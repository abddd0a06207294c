"""The pages, one file each: a function gives what the page's template shows (`answering.page`)."""
