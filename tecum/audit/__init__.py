"""The trail: events by catalogue, one sequencer, signed checkpoints, receipts."""
