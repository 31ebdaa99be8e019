"""What is looked at after the customer has left: unsettled outcomes and the close of day."""
