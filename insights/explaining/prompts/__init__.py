"""What a model is told when it is to explain a signal. Another wording takes another version."""
