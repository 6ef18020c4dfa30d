"""Campaigns: many runs on many sites, on one machine or several, of which nothing is lost."""
