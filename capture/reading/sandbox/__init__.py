"""Reading strangers' images in processes that have no keys, files or network, and little time and memory."""
