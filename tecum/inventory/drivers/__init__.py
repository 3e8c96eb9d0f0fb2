"""The two engines behind one interface, and the pipeline that reads files in a process of its own. No Django but in `choice`."""
