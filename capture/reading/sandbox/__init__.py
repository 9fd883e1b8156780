"""Reading strangers' images in processes that have nothing: no keys, no files, no network, little time and memory."""
