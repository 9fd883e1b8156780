"""Official documents: PDF with PAdES signatures and RFC 3161 time stamps, and their JSON.

The only part that needs pyHanko, the extra `documentos`; it is imported when it is used and nowhere else.
"""
