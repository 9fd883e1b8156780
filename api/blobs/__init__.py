"""Where sealed bodies, packages and documents rest: a folder, or an object store."""
