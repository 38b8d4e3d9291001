"""The user's side in the browser: an entrance, so it parses, calls and renders only."""
