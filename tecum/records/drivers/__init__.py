"""The files of the store, the process that reads and writes them, and the engines that search them."""
