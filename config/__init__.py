"""Settings of the whole house: one class, read from ``POLISEE_*`` variables or a ``.env`` file."""

from config.settings import ROOT, Settings, settings

__all__ = ["ROOT", "Settings", "settings"]
