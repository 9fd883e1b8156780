"""Who may enter and what each may do: accounts, roles, sign-in and sessions (source 001, section 4)."""
