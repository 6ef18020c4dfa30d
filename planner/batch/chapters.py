"""What the runs of a campaign repeat, planned once for all of them."""

from __future__ import annotations

from model.device import Device
from planner.batch.campaign import Campaign
from planner.repeats.chapter import Chapter
from planner.repeats.library import library


def chapters_of(campaign: Campaign) -> tuple[Chapter, ...]:
    """The chapters of a campaign; none where its runs are planned one by one: those that aim at cells of their own or
    keep to weights, and all of a small campaign.
    """
    if campaign.cover is not None or campaign.config.weights.given or not campaign.is_long:
        return ()
    return library(Device(campaign.config), campaign.seed, campaign.ops, campaign.until)
