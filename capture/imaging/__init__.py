"""Images that came from outside, as arrays: decoding within limits, and what every reader of images needs."""
