"""The bitácora of the service: every privileged act, and the leaves that wait for their logs."""
