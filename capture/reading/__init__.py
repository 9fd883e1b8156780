"""What programs read in the images of one record: card, face, signature. It advises; people decide."""
