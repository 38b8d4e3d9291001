"""The assembled web project: settings, addresses, the WSGI door."""
