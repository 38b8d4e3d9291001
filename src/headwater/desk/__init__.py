"""The specialist's workspace in the browser: an entrance, so it parses, calls and renders only."""
