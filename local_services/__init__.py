"""Private servers and child processes for one machine, with nothing installed by hand. No Django here."""
