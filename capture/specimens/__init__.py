"""Drawn credentials of invented people, for rehearsals, tests and benchmarks: nobody on them exists.

Every side says «MUESTRA» outside of what is read. Needs Pillow, OpenCV, segno and zxing-cpp.
"""
