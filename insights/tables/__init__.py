"""What the files of single pages hold: each line with the observations that its numbers rest on."""
