"""The persons and devices that capture support, and what authorises them (APO-04, APO-05, APO-07, APO-15)."""
