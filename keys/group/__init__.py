"""Prime-order groups: one interface, three implementations (native, libsodium, integers)."""

from keys.group.choice import group_named
from keys.group.interface import Element, Group, Job, Tables

__all__ = ["Element", "Group", "Job", "Tables", "group_named"]
