"""`nandplan bench`: strategies to compare with, and what is measured of them."""
