"""Evidence: what happened to whom, when and by whom. Written once, never changed."""
