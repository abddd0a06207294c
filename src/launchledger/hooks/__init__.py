"""Webhooks: what changed, sent to addresses that the operator added, signed by the Standard Webhooks convention."""
