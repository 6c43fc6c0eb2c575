-- From now on each commit with events is told at once.
listen patchmail
