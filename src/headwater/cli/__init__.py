"""The `headwater` command: thin entrances that parse, call a room, and print."""
