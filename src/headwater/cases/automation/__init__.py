"""Automations: when something happens, or has lasted, then acts; docs/automations.md."""
