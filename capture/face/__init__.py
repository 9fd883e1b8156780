"""The face: the rules of the live photograph, its comparison with the card's, the challenge of pre-registro.

Detection and recognition are behind two ports, so that an institute can put its own engine there. Nothing is
known about the accuracy of the engines that come with Certeza on Mexican faces.
"""
