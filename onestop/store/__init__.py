"""The encrypted store of a desk: one writer, journals, queues, papers, drafts."""
