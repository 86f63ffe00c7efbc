"""Unattended work: plan, workers, batch, inbox, delivery, schedule, locks."""
